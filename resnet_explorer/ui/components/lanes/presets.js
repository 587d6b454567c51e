// Sets of lanes to begin with, each one comparison that a paper makes.
const ORDERED = ["original", "bn-after-addition", "relu-before-addition", "relu-only-preactivation", "full-preactivation", "plain"];

function named(...names) {
  return names.map((name) => ({ name, title: name }));
}

function sized(unit, ...depths) {
  return depths.map((depth) => ({ name: `cifar-basic-${depth}`, unit, title: `${unit} ${depth}` }));
}

function shortcut(title, fields, unit = "original") {
  return { name: "cifar-basic-110", unit, fields, title };
}

export const PRESETS = [
  {
    title: "Five orderings",
    about: "Where BN and ReLU stand, and plain beside them (He et al. 2016)",
    lanes: ORDERED.map((unit) => ({ name: "cifar-basic-56", unit })),
  },
  {
    title: "Plain against residual",
    about: "The same layers with and without shortcuts, 20 and 56 deep (He et al. 2015)",
    lanes: [...sized("plain", 20, 56), ...sized("original", 20, 56)],
  },
  {
    title: "Depth 20 to 110",
    about: "One unit, deeper and deeper (He et al. 2015)",
    lanes: sized("original", 20, 32, 44, 56, 110),
  },
  {
    title: "Shortcuts of Table 1",
    about: "What happens to the identity when something stands on it, depth 110 (He et al. 2016)",
    lanes: [
      shortcut("identity", {}),
      shortcut("constant scaling", { skip: "scale(0.5)" }, "conv bn relu conv bn scale(0.5) + relu"),
      shortcut("exclusive gating", {}, "conv bn relu conv bn blend relu"),
      shortcut("shortcut-only gating", { skip: "gate" }),
      shortcut("1×1 convolution", { shortcut: "C" }),
      shortcut("dropout", { skip: "dropout" }),
    ],
  },
  {
    title: "Width or depth",
    about: "A thousand thin layers or a few wide ones (Zagoruyko, Komodakis 2016)",
    lanes: named("cifar-bottleneck-164", "cifar-bottleneck-1001", "wrn-40-4", "wrn-16-8", "wrn-28-10"),
  },
  {
    title: "Cardinality",
    about: "More groups at about the same cost (Xie et al. 2017)",
    lanes: named("imagenet-50", "resnext-50-2x40d", "resnext-50-4x24d", "resnext-50-8x14d", "resnext-50-32x4d"),
  },
  {
    title: "Multi-scale",
    about: "Splits that see one another, and the waterfall (Gao et al. 2019; Artacho, Savakis 2020)",
    lanes: named("imagenet-50", "res2net-50-48w-2s", "res2net-50-26w-4s", "res2net-50-26w-8s", "res2next-50-8c-4w-4s", "unipose"),
  },
  {
    title: "Runge-Kutta",
    about: "A unit as one step of a method of higher order (Luo et al. 2021)",
    lanes: named("horesnet-euler-74", "horesnet-midpoint-74", "horesnet-rk3-74", "horesnet-heun3-74", "horesnet-rk4-74"),
  },
];
