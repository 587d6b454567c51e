"""What each name of a lane's values means, by analysis: what the tables, the verbs and the README explain."""

GRADIENT_PATHS = {
    "error": "the largest |sum of parts - gradient| over |gradient|, against an ordinary backward pass",
    "terms": "by the number of branches passed, from 0, the norm of that part over that of the gradient",
    "term_share": "by the number of branches passed, the projection of that part on the gradient, over that",
    "branches": "by unit, the norm of what its branch adds, brought on past all branches, over the gradient's",
    "share": "by unit, the projection of that; with the first of term_share these sum to 1",
    "direct": "from the first unit's input to the last one's output, the norm of what passed no branch over "
    "that of the gradient there",
    "whole": "at the same places, the root mean square over images of the gradient's norm",
    "cosine": "of the angle between what passed no branch and the gradient at the first unit's input",
    "lumped": "whether the last part is that of all longer paths",
    "shortcuts": "whether there is a way past a branch",
    "images": "how many images so far",
}

UNROLL = {
    "error": "the largest of the errors of the stages",
    "errors": "by stage, the largest |x_L - x_l - sum F| over the largest |x_L|",
    "promised": "whether the plan says that the sum is exact",
    "verdict": "what the plan says of the identity path",
    "stage": "the stage of each unit",
    "terms": "by unit, the norm of its branch F over that of the x_L of its stage",
    "angle": "by unit, degrees between its branch and the trunk it is added to; null where there is no trunk",
    "share": "by unit, the projection of its branch on the x_L of its stage, over the norm of x_L",
    "direct": "by stage, the same share of x_l",
    "images": "how many images so far",
}

SIGNAL = {
    "moment": "E x² before the first unit and after each",
    "variance": "variance inside a channel, mean over channels, at the same places",
    "branch": "deviation of each branch's output before the addition; of a Runge-Kutta step its first stage",
    "share": "that deviation over the deviation of the unit's output",
    "responses": "deviation of each 3x3 convolution's output, after its BN if one follows, before all else",
    "sorted_responses": "the same, largest first",
    "gradient": "norm of the gradient at each place",
    "correlation": "mean cosine between the gradients of two images of a batch",
    "largest": "largest size of a number, mean over batches",
    "not_finite": "share of numbers that are infinite or none",
    "theory": "theory's curve by name, null where there is none: for initial weights, wide networks, noise",
    "units": "units of the network",
    "images": "images sent so far",
    "trained": "whether the weights are trained",
    "redrawn": "whether the initial weights were drawn anew by the setting",
    "has_norm": "whether there is batch normalisation",
    "remedies": "of untrained lanes without normalisation, with He's initial weights, and with one remedy each: E x² "
    "before the first unit and after the last, the first unit with numbers beyond half precision, or with none in "
    "single, the gradient of all weights, and the loss before each training step and after the last",
}

LESION = {
    "units": "units of the network",
    "baseline": "accuracy of the whole network",
    "baseline_loss": "cross entropy of the whole network",
    "deleted": "accuracy without each unit in turn; null where it cannot be cut",
    "deleted_loss": "cross entropy without each unit in turn",
    "changes_shape": "units that change the shape, from 0",
    "swapped": "accuracy with each unit and the next exchanged; null where they are not of one shape and stage",
    "swapped_loss": "cross entropy with each unit and the next exchanged",
    "counts": "numbers of units cut together, of those that keep the shape",
    "several": "accuracy by number of cut units and trial",
    "several_loss": "cross entropy by number of cut units and trial",
    "orders": "each other order tried: pairs exchanged one after another, Kendall's tau of the order over all "
    "units, accuracy and loss",
    "chance": "accuracy of a guess",
    "images": "images that cuts of one unit are measured on so far",
    "trained": "whether the weights are trained",
}

PATHS = {
    "lengths": "the lengths of paths, in branches",
    "longest": "the longest of them",
    "middle": "the mean length of all paths",
    "counts": "how many paths there are of each length",
    "gradient": "by length, the mean norm of a path's gradient; null where it is not measured",
    "carried": "by length, paths times norm, as a share of the sum; where no norm is measured its logarithm is "
    "interpolated",
    "effective": "the mean length by what is carried, and the fewest lengths in a row, low to high, that carry "
    "95 %, with what they carry and which share of all paths they are",
    "paths": "how many paths so far",
    "products": "vector-Jacobian products through a branch so far",
    "images": "how many images",
}

LANDSCAPE = {
    "axis": "distances from the weights along a direction; at 1 each filter is moved by its own length",
    "loss": "the loss by row (second direction, or line) and distance; null where it is not known or no number",
    "centre": "the loss at the weights themselves",
    "sharpness": "the Hessian's eigenvalue that is largest in size, by power iteration",
    "sharpness_change": "by which part of it the last iteration changed the eigenvalue",
    "iterations": "power iterations so far",
    "points": "points evaluated so far",
    "overflowed": "points with a loss that is no finite number",
    "images": "images that the loss is the mean over",
    "guessing": "the loss of guessing among the classes",
    "trained": "whether the weights are trained",
    "trajectory": "weights of earlier steps in the plane of training: steps, x, y, the share of the squared "
    "distances that each direction explains, and how long one unit of each is; null in a random plane",
}

IDENTITY = {
    "units": "units in each stack",
    "steps": "training steps after which an error is given",
    "error": "error by kind and units: the mean over the steps since the one before",
    "final_error": "the newest error, by kind, for each number of units",
    "gap": "decades by which the plain stack's newest error is above the residual one's",
    "floor": "the least error that any weights can reach where the unit ends with a ReLU, else 0",
    "channels": "channels of the stacks",
    "plain": "the plain unit",
    "residual": "the residual unit",
}

SOLVER = {
    "steps": "numbers of equal steps, each twice the one before",
    "error": "by scheme, the error on a linear field after each number of steps",
    "slopes": "by scheme, the power of the step that this error falls with, over the smallest steps",
    "growth": "by scheme, what x' = x makes of 1 in time 1 with four evaluations; exact is e",
    "unit": "the unit whose branch is followed, from 1; null where none keeps the shape",
    "time": "time that is integrated over along the branch",
    "merge": "the step with which the lane's units join branch and shortcut; empty where they are plain",
    "branch_error": "by scheme, the error along the branch after each number of steps; null where it is no number",
    "branch_slopes": "by scheme, the power of the step that this error falls with; null where too little is known",
    "floor": "how far the solution that is taken for exact is from one with steps twice as long",
    "kinks": "share of what enters the branch's ReLUs that has another sign at the end; null without a ReLU",
    "four": "four Euler units against one RK4 unit of the same branches: of which units, how far apart the outputs "
    "are, the energy that is added over that of the input, parameters and multiply-adds",
    "images": "how many images",
}

LATENCY = {
    "milliseconds": "a pass forward of one batch, median over the rounds",
    "milliseconds_low": "a quarter of the rounds took less",
    "milliseconds_high": "a quarter of the rounds took more",
    "training_milliseconds": "forward, loss and gradients of one batch, median over the rounds",
    "training_milliseconds_low": "a quarter of the rounds took less",
    "training_milliseconds_high": "a quarter of the rounds took more",
    "images_per_second": "images a second forward",
    "training_images_per_second": "images a second in training",
    "gmacs_per_second": "billions of multiply-adds a second, forward",
    "macs": "multiply-adds of convolutions and fully connected layers, for one image",
    "bytes": "what a pass forward of the batch moves at least: weights, and each layer's output once, in fp32",
    "layers": "layers in sequence, of all kinds",
    "weighted_layers": "weighted layers in sequence",
    "parameters": "learnable parameters",
    "batch": "images in a batch",
    "threads": "threads that compute",
    "rounds": "milliseconds forward, by round",
    "training_rounds": "milliseconds in training, by round",
}

RECEPTIVE = {
    "effective": "after each stage, the side of a square of as many pixels as have over 4.55 % of the largest gradient",
    "theoretical": "after each stage, the pixels a side that kernels and strides allow",
    "maps": "after each stage, the gradient at each pixel as a share of the largest",
    "side": "pixels a side of the image",
    "images": "how many images so far",
}

FEATURES = {
    "picture": "the image as it is sent, as PNG",
    "label": "its class; null for an image of one's own",
    "predicted": "the class that the network says; null where it does not classify",
    "trained": "whether the weights are trained",
    "probability": "the probability that it gives to that class",
    "probabilities": "the three largest probabilities, by class",
    "stage": "the stage of each unit",
    "shape": "channels, height and width of each unit's output",
    "channel": "by unit, the channel that is shown, from 0; null for the mean over all",
    "trunk": "by unit, the map of what the shortcut brings: 100 times the decimal logarithm of sizes; null without one",
    "branch": "by unit, the same of what the branch adds",
    "sum": "by unit, the same of their sum",
    "trunk_norm": "by unit, the root mean square of what the shortcut brings; null without one",
    "branch_norm": "by unit, that of what the branch adds",
    "sum_norm": "by unit, that of their sum",
}
