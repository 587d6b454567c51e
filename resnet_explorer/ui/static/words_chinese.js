// Chinese texts of the frame: header, lanes, editor, presets.
export const chinese = {
  Structure: "结构",
  "Gradient flow": "梯度流",
};
