#include "export/mpv_shader.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <variant>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/error.h"
#include "export/folded_norms.h"
#include "export/glsl_text.h"
#include "export/local_filter.h"
#include "export/number_limit.h"

namespace shadenet {

namespace {

/// Players bind 16 textures in a pass: the picture, a sum so far, an earlier point to add, and these.
constexpr std::uint32_t most_read_textures = 13;

const char* const shader_activations[] = {"max(x, vec4(0.0))", "max(x, 0.2 * x)",
                                          "tanh(clamp(x, -10.0, 10.0))", "1.0 / (1.0 + exp(-x))",
                                          "max(x, vec4(0.0)) + exp(min(x, vec4(0.0))) - 1.0"};
static_assert(leaky_slope == 0.2f);

std::uint32_t textures_of(std::uint32_t channels) {
    return (channels + 3) / 4;
}

/// Points that are kept as textures: what convolutions and later additions read, and the result. A pass adds
/// one earlier point at most.
std::vector<bool> kept_points(const Network& network) {
    std::vector<bool> kept(network.layers.size() + 1);
    kept.front() = kept.back() = true;
    for (std::size_t i = 0; i < network.layers.size(); ++i) {
        if (std::holds_alternative<Conv>(network.layers[i])) kept[i] = true;
        const auto* const skip = std::get_if<Skip>(&network.layers[i]);
        if (skip == nullptr) continue;
        kept[skip->from_point] = true;
        kept[i + 1] = true;
    }
    return kept;
}

/// Writes the passes of a network one after the other.
class ShaderPasses {
  public:
    /// All must outlive it. `source`: as mpv_shader() names it.
    ShaderPasses(const Network& network, const Parameters& parameters, const std::string& source)
        : network_(network),
          parameters_(parameters),
          source_(source),
          margins_(point_margins(network)),
          shapes_(point_shapes(network, {1, 3, 16'384, 16'384})) {}

    std::string write() {
        const std::vector<bool> kept = kept_points(network_);
        std::size_t from = 0;
        for (std::size_t to = 1; to < kept.size(); ++to) {
            if (!kept[to]) continue;
            for (std::uint32_t group = 0; group < textures_of(shapes_[to].c); ++group) {
                write_group(from, to, group);
            }
            from = to;
        }
        return text_;
    }

  private:
    std::string number(double value) const {
        require_exportable(value, "shader", source_);
        return glsl_number(value);
    }

    bool is_result(std::size_t point) const { return point == network_.layers.size(); }

    struct Textures {
        std::uint32_t first, end;
    };

    static std::string texture(std::size_t point, std::uint32_t group) {
        return point == 0 ? "HOOKED" : fmt::format("point{}_{}", point, group);
    }

    /// Four channels of a point out of an earlier one: a convolution, if there is one, and all behind it.
    void write_group(std::size_t from, std::size_t to, std::uint32_t group) {
        const auto* const conv = std::get_if<Conv>(&network_.layers[from]);
        const std::uint32_t sources = textures_of(shapes_[from].c);
        std::string sum_so_far;
        if (conv == nullptr) {
            begin_pass(from, to, group, {group, group + 1}, "", "");
            body_ += fmt::format("    vec4 x = {};\n", read(from, group, "at"));
            finish_pass(from, to, group);
            return;
        }
        for (std::uint32_t first = 0; first < sources; first += most_read_textures) {
            const std::uint32_t end = std::min(first + most_read_textures, sources);
            const bool last = end == sources;
            const std::string saved = last ? "" : fmt::format("sum{}_{}_{}", to, group, first);
            begin_pass(from, to, group, {first, end}, saved, sum_so_far);
            if (sum_so_far.empty()) {
                body_ += fmt::format("    vec4 x = {};\n", of_channels(*conv, ".bias", group));
            } else {
                body_ +=
                    fmt::format("    vec4 x = texelFetch({}_raw, at + {}, 0);\n", sum_so_far, margins_[to]);
            }
            for (std::uint32_t source = first; source < end; ++source) convolve(*conv, from, source, group);
            if (last)
                finish_pass(from + 1, to, group);
            else
                end_pass("x");
            sum_so_far = saved;
        }
    }

    /// The heads, and functions that read. `saved`: of a part of a sum; else the pass makes the point itself.
    void begin_pass(std::size_t from, std::size_t to, std::uint32_t group, Textures sources,
                    const std::string& saved, const std::string& sum_so_far) {
        const bool result = is_result(to) && saved.empty();
        text_ += "\n//!HOOK MAINPRESUB\n//!BIND HOOKED\n";
        functions_.clear();
        bound_.clear();
        for (std::uint32_t source = sources.first; source < sources.end; ++source) bind(from, source);
        for (std::size_t i = from; i < to && saved.empty(); ++i) {
            if (const auto* const skip = std::get_if<Skip>(&network_.layers[i]))
                bind(skip->from_point, group);
        }
        if (!sum_so_far.empty()) text_ += fmt::format("//!BIND {}\n", sum_so_far);
        const std::uint32_t margin = margins_[to];
        if (!result) {
            text_ += fmt::format("//!SAVE {}\n", saved.empty() ? texture(to, group) : saved);
            if (margin > 0) {
                text_ += fmt::format("//!WIDTH HOOKED.w {0} +\n//!HEIGHT HOOKED.h {0} +\n", 2 * margin);
            }
            text_ += "//!COMPONENTS 4\n";
        }
        text_ += fmt::format("//!DESC shadenet: {}{}\n", layer_name(network_.layers[to - 1]),
                             result ? "" : fmt::format(", channels from {}", 4 * group));
        if (margin > 0) {
            body_ =
                fmt::format("vec4 hook() {{\n    ivec2 at = ivec2(HOOKED_pos * (HOOKED_size + {}.0)) - {};\n",
                            2 * margin, margin);
        } else {
            body_ = "vec4 hook() {\n    ivec2 at = ivec2(HOOKED_pos * HOOKED_size);\n";
        }
    }

    /// A function that reads the texture at a place of the picture.
    void bind(std::size_t point, std::uint32_t group) {
        const std::string name = texture(point, point == 0 ? 0 : group);
        if (std::ranges::count(bound_, name) > 0) return;
        bound_.push_back(name);
        if (point > 0) text_ += fmt::format("//!BIND {}\n", name);
        functions_ += fmt::format("vec4 read_{}(ivec2 at) {{\n", name);
        if (point == 0) {
            functions_ += "    ivec2 last = ivec2(HOOKED_size) - 1;\n" +
                          glsl_continuation(network_.padding, "vec4(0.0)");
            std::string value = "HOOKED_mul * texelFetch(HOOKED_raw, at, 0)";
            if (!network_.range.is_unit()) {
                value += fmt::format(" * {} + vec4({})", glsl_number(network_.range.span()),
                                     glsl_number(static_cast<double>(network_.range.low)));
            }
            functions_ += fmt::format("    return {};\n}}\n", value);
            return;
        }
        if (!continues_pictures(network_)) {
            functions_ += "    ivec2 last = ivec2(HOOKED_size) - 1;\n" +
                          glsl_continuation(PicturePadding::zero, "vec4(0.0)");
        }
        const std::uint32_t margin = margins_[point];
        functions_ += fmt::format("    return texelFetch({}_raw, at{}, 0);\n}}\n", name,
                                  margin > 0 ? fmt::format(" + {}", margin) : "");
    }

    static std::string read(std::size_t point, std::uint32_t group, const std::string& place) {
        return fmt::format("read_{}({})", texture(point, group), place);
    }

    std::string vec4(const std::array<double, 4>& values) {
        return fmt::format("vec4({}, {}, {}, {})", number(values[0]), number(values[1]), number(values[2]),
                           number(values[3]));
    }

    /// Four numbers of a tensor with one for each channel; zeros where there are no more channels.
    std::string of_channels(const Conv& conv, const char* tensor, std::uint32_t group) {
        const std::vector<float>& found = parameters_.at(conv.name + tensor).values;
        std::array<double, 4> values{};
        for (std::uint32_t i = 0; i < 4 && 4 * group + i < found.size(); ++i) {
            values[i] = static_cast<double>(found[4 * group + i]);
        }
        return vec4(values);
    }

    void convolve(const Conv& conv, std::size_t from, std::uint32_t source, std::uint32_t group) {
        const std::vector<float>& weights = parameters_.at(conv.name + ".weight").values;
        const auto weight = [&](std::uint32_t o, std::uint32_t c, std::uint32_t tap) {
            if (o >= conv.out_channels) return 0.0;
            const std::size_t row = std::size_t{o} * conv.in_channels + c;
            return static_cast<double>(weights[row * conv.kernel * conv.kernel + tap]);
        };
        const int radius = static_cast<int>(conv.kernel / 2);
        const std::uint32_t columns = std::min(4u, conv.in_channels - 4 * source);
        static const char* const parts[] = {"x", "xy", "xyz", "xyzw"};
        for (std::uint32_t tap = 0; tap < conv.kernel * conv.kernel; ++tap) {
            const int dy = static_cast<int>(tap / conv.kernel) - radius,
                      dx = static_cast<int>(tap % conv.kernel) - radius;
            std::vector<std::string> numbers;
            for (std::uint32_t c = 0; c < columns; ++c) {
                for (std::uint32_t o = 0; o < 4; ++o) {
                    numbers.push_back(number(weight(4 * group + o, 4 * source + c, tap)));
                }
            }
            const std::string matrix = columns == 1 ? "vec4" : fmt::format("mat{}x4", columns);
            body_ += fmt::format("    x += {}({}) * {}.{};\n", matrix, fmt::join(numbers, ", "),
                                 read(from, source, fmt::format("at + ivec2({}, {})", dx, dy)),
                                 parts[columns - 1]);
        }
    }

    /// What comes after a convolution, channel by channel, and the end.
    void finish_pass(std::size_t first, std::size_t to, std::uint32_t group) {
        for (std::size_t i = first; i < to; ++i) {
            std::visit([&](const auto& layer) { write(layer, group); }, network_.layers[i]);
        }
        if (!is_result(to)) {
            end_pass("x");
            return;
        }
        if (!network_.range.is_unit()) {
            body_ += fmt::format("    x = (x - vec4({})) * {};\n",
                                 glsl_number(static_cast<double>(network_.range.low)),
                                 glsl_number(1 / network_.range.span()));
        }
        end_pass("vec4(clamp(x.rgb, 0.0, 1.0), HOOKED_mul * texelFetch(HOOKED_raw, at, 0).a)");
    }

    void end_pass(const char* result) {
        text_ += functions_ + body_ + fmt::format("    return {};\n}}\n", result);
    }

    void write(const BatchNorm& norm, std::uint32_t group) {
        std::array<double, 4> scale{}, shift{};
        for (std::uint32_t i = 0; i < 4 && 4 * group + i < norm.channels; ++i) {
            const auto of = [&](const char* tensor) {
                return static_cast<double>(parameters_.at(norm.name + tensor).values[4 * group + i]);
            };
            scale[i] = of(".weight") / std::sqrt(of(".running_var") + static_cast<double>(norm.epsilon));
            shift[i] = of(".bias") - of(".running_mean") * scale[i];
        }
        body_ += fmt::format("    x = x * {} + {};\n", vec4(scale), vec4(shift));
    }

    void write(const Activation& activation, std::uint32_t) {
        body_ += fmt::format("    x = {};\n", shader_activations[static_cast<std::size_t>(activation.kind)]);
    }

    void write(const Skip& skip, std::uint32_t group) {
        body_ += fmt::format("    x += {};\n", read(skip.from_point, group, "at"));
    }

    /// A convolution begins a pass, and dropout is nothing.
    template <class Other>
    void write(const Other&, std::uint32_t) {}

    const Network& network_;
    const Parameters& parameters_;
    const std::string& source_;
    std::vector<std::uint32_t> margins_;
    std::vector<Shape> shapes_;
    std::vector<std::string> bound_;  ///< in this pass
    std::string text_, functions_, body_;
};

}  // namespace

std::uint64_t shader_products(const Network& network) {
    std::uint64_t products = 0;
    for (const Conv& conv : convs_of(network)) {
        products += std::uint64_t{conv.in_channels} * conv.out_channels * conv.kernel * conv.kernel;
    }
    return products;
}

std::string mpv_shader(const Model& model, const std::string& source) {
    require_local_filter(model, source, "no shader of a player");
    if (const std::uint64_t products = shader_products(model.network); products > most_shader_products) {
        throw InputError(
            fmt::format("{}: takes {} multiply-adds a pixel, and a shader for videos may take {}; export it "
                        "as .onnx, or what flat areas become as .cube",
                        source, products, most_shader_products));
    }
    const WeightedNetwork folded = fold_norms(model.network, model.parameters);
    return "// A filter that shadenet learned, for mpv and other programs that draw with libplacebo:\n"
           "//     mpv --glsl-shader=FILE video\n" +
           ShaderPasses(folded.network, folded.parameters, source).write();
}

}  // namespace shadenet
