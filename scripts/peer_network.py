"""Builds a PyTorch module of a network's text, as `shadenet --network` takes it (docs/models.md)."""
import torch
from torch import nn


class Add(nn.Module):
    """Adds the tensor at an earlier point: 0 is the input, i the result of layer i - 1."""

    def __init__(self, point):
        super().__init__()
        self.point = point


class Average(nn.Module):
    def forward(self, x):
        return x.mean((2, 3), keepdim=True)


class Dense(nn.Linear):
    """Of all values of an example, in the order channel, row, column, to one pixel."""

    def forward(self, x):
        return super().forward(x.flatten(1))[:, :, None, None]


def inner(x, like):
    """The middle of x, of the rows and columns that the other has."""
    row, column = ((x.shape[d] - like.shape[d]) // 2 for d in (2, 3))
    return x[:, :, row:row + like.shape[2], column:column + like.shape[3]]


class Network(nn.Module):
    """A network that continues pictures beyond their edges takes them with that margin: see padded()."""

    def __init__(self, layers, padding="zero"):
        super().__init__()
        self.layers = nn.ModuleList(layers)
        self.padding = padding
        self.margin = 0
        if padding != "zero":
            self.margin = sum((layer.kernel_size[0] - 1) // 2 for layer in layers if isinstance(layer, nn.Conv2d))

    def padded(self, x):
        mode = {"edge": "replicate", "reflect": "reflect"}.get(self.padding)
        return nn.functional.pad(x, [self.margin] * 4, mode) if mode else x

    def norms(self):
        return [layer for layer in self.layers if isinstance(layer, nn.BatchNorm2d)]

    def forward(self, x):
        points = [x]
        for layer in self.layers:
            x = x + inner(points[layer.point], x) if isinstance(layer, Add) else layer(x)
            points.append(x)
        return x


ACTIVATIONS = {"relu": nn.ReLU, "leaky_relu": lambda: nn.LeakyReLU(0.2), "tanh": nn.Tanh, "sigmoid": nn.Sigmoid,
               "elu": nn.ELU}


def options_of(words, flags, valued):
    """The words after a layer's own: {flag: True, name: number}."""
    found, rest = {}, list(words)
    while rest:
        word = rest.pop(0)
        if word in flags:
            found[word] = True
        elif word in valued and rest:
            found[word] = float(rest.pop(0))
        else:
            raise ValueError(f"does not know {word}")
    return found


def make_norm(channels, words):
    options = options_of(words, ("no-center", "no-scale"), ("decay", "epsilon"))
    norm = nn.BatchNorm2d(channels, eps=options.get("epsilon", 1e-5), momentum=1 - options.get("decay", 0.9))
    norm.bias.requires_grad_("no-center" not in options)
    norm.weight.requires_grad_("no-scale" not in options)
    return norm


class Reader:
    """Makes layers of lines, following the shape of an example as it goes."""

    def __init__(self, size):
        self.size, self.scale, self.padding = size or 512, 1.0, "zero"
        self.input = self.shape = self.layers = None
        self.points, self.kinds = {"input": 0}, {}

    def read(self, text):
        lines = text.splitlines() if "\n" in text.strip() else text.split(",")
        for number, line in enumerate(lines, 1):
            for part in line.split("#")[0].split(","):
                self.read_part(number, part)
        if not self.layers:
            raise SystemExit("peer_step.py: the network has no layers")
        return Network(self.layers, self.padding)

    def read_part(self, number, part):
        words = part.split()
        if words:
            try:
                self.read_line(words)
            except (ValueError, IndexError, KeyError) as error:
                raise SystemExit(f'peer_step.py: line {number}, "{part.strip()}": {error}')

    def read_line(self, words):
        word, rest = words[0], words[1:]
        if self.layers is None:
            if word != "input":
                raise ValueError("a network begins with its input")
            return self.read_input(rest)
        layer, kind = self.make_layer(word, rest)
        with torch.no_grad():
            x = torch.zeros(1, *self.shape)
            self.shape = tuple(x.shape[1:] if isinstance(layer, Add) else layer.eval()(x).shape[1:])
        self.layers.append(layer)
        self.kinds[kind] = self.kinds.get(kind, 0) + 1
        self.points[f"{kind}{self.kinds[kind]}"] = len(self.layers)

    def read_input(self, words):
        extent = [int(part) for part in words[0].split("x")]
        options = options_of(words[1:], ("zero", "edge", "reflect"), ("scale",))
        self.padding = next((word for word in ("edge", "reflect") if word in options), "zero")
        self.scale = options.get("scale", 1.0)
        self.shape = self.input = tuple(extent) if len(extent) == 3 else (extent[0], self.size, self.size)
        self.layers = []

    def make_layer(self, word, rest):
        channels = self.shape[0]
        if word == "conv":
            kernel = int(rest[1].split("x")[0])
            options = options_of(rest[2:], ("valid", "same"), ("stride",))
            pad = 0 if "valid" in options or self.padding != "zero" else (kernel - 1) // 2
            return nn.Conv2d(channels, int(rest[0]), kernel, int(options.get("stride", 1)), pad), "conv"
        if word == "dense":
            values = self.shape[0] * self.shape[1] * self.shape[2]
            return Dense(values, int(rest[0])), "fc"
        if word == "norm":
            return make_norm(channels, rest), "bn"
        if word == "dropout":
            return nn.Dropout(1 - float(rest[0])), "dropout"
        if word == "average":
            return Average(), "average"
        if word == "add":
            if rest[0] not in self.points:
                raise ValueError(f"no layer before has that name, only {', '.join(self.points)}")
            return Add(self.points[rest[0]]), "add"
        if word in ACTIVATIONS:
            return ACTIVATIONS[word](), word
        raise ValueError("no layer that this program knows")
