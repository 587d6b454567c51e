// A figure that is still growing: the lanes computed anew, and behind them the older ones, faded.
const FADED = 0.4;

export function mixed(figure, base, coming) {
  // on other axes the older lines would say what is not true
  if (!base || base.layout.uirevision !== figure.layout.uirevision) return figure;
  const anew = new Set(figure.data.map((trace) => trace.meta));
  const older = base.data.filter((trace) => coming.includes(trace.meta) && !anew.has(trace.meta)).map(faded);
  if (!older.length) return figure;
  const { xaxis, yaxis } = base.layout;
  const layout = {
    ...figure.layout,
    xaxis: { ...figure.layout.xaxis, range: union(figure.layout.xaxis.range, xaxis.range) },
    yaxis: { ...figure.layout.yaxis, range: union(figure.layout.yaxis.range, yaxis.range) },
  };
  return { data: [...older, ...figure.data], layout };
}

// A trace that is older still is not faded twice.
function faded(trace) {
  return trace.older ? trace : { ...trace, older: true, opacity: FADED * (trace.opacity ?? 1), hoverinfo: "skip", hovertemplate: null };
}

const union = (one, other) => [Math.min(one[0], other[0]), Math.max(one[1], other[1])];
