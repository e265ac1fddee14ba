#include "statistics/population.h"

#include <cmath>
#include <stdexcept>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <fmt/format.h>

#include "base/error.h"
#include "engine/learning/loss.h"
#include "engine/stack/whole_set.h"
#include "group/text_fields.h"
#include "statistics/norm_input.h"

namespace shadenet {

namespace {

/// A norm, and the network up to it.
struct NormPlace {
    BatchNorm norm;
    Network before;
    std::uint32_t margin;  ///< rows and columns that the norm sees around pictures
};

std::vector<NormPlace> norm_places(const Network& network) {
    std::vector<NormPlace> places;
    const std::vector<std::uint32_t> margins = point_margins(network);
    Network before = network;
    before.layers.clear();
    for (const Layer& layer : network.layers) {
        const std::uint32_t margin = margins[before.layers.size()];
        if (const auto* norm = std::get_if<BatchNorm>(&layer)) places.push_back({*norm, before, margin});
        before.layers.push_back(layer);
    }
    if (places.empty()) {
        throw InputError(
            "the network has no batch norm, and so no statistics to measure; train one with "
            "--norm before or after");
    }
    return places;
}

void check_finite(const std::vector<Moments>& moments, const std::string& norm, const std::string& picture) {
    for (std::size_t c = 0; c < moments.size(); ++c) {
        if (std::isfinite(moments[c].mean) && std::isfinite(moments[c].squares)) continue;
        throw WorkError(
            fmt::format("{}: the layers before {} make values of it that are not finite, in channel {}; the "
                        "model's numbers are too large or damaged: look at it with `shadenet inspect`",
                        picture, norm, c));
    }
}

void require_finite(const Parameters& measured) {
    for (const NamedTensor& tensor : measured.tensors()) {
        if (all_finite(tensor.values)) continue;
        throw WorkError(
            fmt::format("{} of these pictures is not finite; the model's numbers are too large or damaged: "
                        "look at it with `shadenet inspect`",
                        tensor.name));
    }
}

bool stopped(const PopulationOptions& options) {
    return options.stop != nullptr && *options.stop;
}

/// The sums of a norm's input, and the number of its pictures.
struct NormSums {
    std::vector<Moments> channels;
    std::size_t pictures = 0;
    std::uint64_t pixels = 0;  ///< of the pictures, without what is around them
};

/// A picture's part of them, as one rank sends it another.
std::string picture_text(const PictureView& picture, const std::vector<Moments>& moments) {
    const std::uint64_t pixels =
        std::visit([](const auto* one) { return std::uint64_t{one->plane()}; }, picture);
    return values_text<std::uint64_t>({&pixels, 1}) + values_text<Moments>(moments);
}

void add_picture(NormSums& sums, std::string_view text) {
    std::vector<std::uint64_t> pixels;
    append_values(pixels, text.substr(0, sizeof(std::uint64_t)));
    std::vector<Moments> moments;
    append_values(moments, text.substr(sizeof(std::uint64_t)));
    sums.channels.resize(moments.size());
    for (std::size_t c = 0; c < moments.size(); ++c) sums.channels[c].merge(moments[c]);
    ++sums.pictures;
    sums.pixels += pixels.front();
}

/// The texts of this rank's pictures; an empty one for a picture that cannot be read. Throws Stopped.
Texts sum_own(const SharedWork& work, NormInput& input, const std::string& norm, PictureSource& pictures,
              const PopulationOptions& options, PopulationProgress& progress) {
    const auto require_more = [&] {
        if (stopped(options)) throw Stopped();
    };
    Texts texts;
    for (progress.picture = work.part(); progress.picture < pictures.size();
         progress.picture += work.parts()) {
        require_more();
        std::string& text = texts.emplace_back();
        if (const std::optional<PictureView> picture = pictures.read(progress.picture)) {
            const std::vector<Moments> moments = input.moments(*picture, options.stop);
            require_more();
            check_finite(moments, norm, pictures.name(progress.picture));
            text = picture_text(*picture, moments);
        }
        if (options.on_picture) options.on_picture(progress);
    }
    require_more();
    return texts;
}

/// In the order of the pictures, which the ranks took by turns.
NormSums joined(const std::vector<Texts>& all, std::size_t pictures) {
    NormSums sums;
    for (std::size_t i = 0; i < pictures; ++i) {
        const std::string& text = all[i % all.size()][i / all.size()];
        if (!text.empty()) add_picture(sums, text);
    }
    return sums;
}

void check_complete(const NormSums& sums, const PictureSource& pictures, const Population& population) {
    if (sums.pictures == 0) {
        throw WorkError(pictures.size() == 0
                            ? std::string("there is no picture to measure; give some")
                            : fmt::format("none of the {} pictures can be read, {} being the first; give "
                                          "others",
                                          pictures.size(), pictures.name(0)));
    }
    const bool first = population.pictures == 0;
    if (!first && (sums.pictures != population.pictures || sums.pixels != population.pixels)) {
        throw WorkError("the pictures changed while they were measured; run it again and leave them alone");
    }
}

/// Puts the statistics into `parameters`, as a model keeps them.
void store(const NormSums& sums, const std::string& norm, Parameters& parameters) {
    std::vector<float>& mean = parameters.at(norm + ".running_mean").values;
    std::vector<float>& variance = parameters.at(norm + ".running_var").values;
    for (std::size_t c = 0; c < sums.channels.size(); ++c) {
        mean.at(c) = static_cast<float>(sums.channels[c].mean);
        variance.at(c) = static_cast<float>(sums.channels[c].variance());
        if (std::isfinite(mean[c]) && std::isfinite(variance[c])) continue;
        throw WorkError(
            fmt::format("the input of {} has the variance {} in channel {}, too large for a model; "
                        "its weights are too large: train again with a smaller --lr",
                        norm, sums.channels[c].variance(), c));
    }
}

}  // namespace

std::optional<Population> measure_population(const Device& device, const Network& network,
                                             const Parameters& parameters, PictureSource& pictures,
                                             const PopulationOptions& options) {
    if (options.tile == 0) throw std::invalid_argument("a tile has at least one pixel");
    SharedWork by_itself(alone());
    SharedWork& work = options.work != nullptr ? *options.work : by_itself;
    const std::vector<NormPlace> places = norm_places(network);
    PopulationProgress progress{{}, 0, places.size(), 0, pictures.size()};
    Population population;
    Parameters measured = parameters;
    const auto sum_for = [&](const NormPlace& place) {
        progress.name = place.norm.name;
        NormInput input(device, place.before, place.margin, measured, options.tile);
        return sum_own(work, input, place.norm.name, pictures, options, progress);
    };
    const auto take = [&](const NormSums& sums, const std::string& norm) {
        check_complete(sums, pictures, population);
        store(sums, norm, measured);
        population.pictures = sums.pictures;
        population.pixels = sums.pixels;
    };
    try {
        for (const NormPlace& place : places) {
            const std::vector<Texts> all = work.gather([&] { return sum_for(place); });
            if (all.empty()) return {};
            // On every rank, but what is wrong with the sums of all is said once.
            if (!work.all_ready([&] { take(joined(all, pictures.size()), place.norm.name); })) return {};
            ++progress.norm;
        }
    } catch (const Stopped&) {
        return {};
    }
    population.statistics = statistics_of(measured, "");
    return population;
}

std::optional<Population> measure_population(const Device& device, const Network& network,
                                             const Parameters& parameters, const Examples& examples,
                                             const PopulationOptions& options) {
    SharedWork by_itself(alone());
    SharedWork& work = options.work != nullptr ? *options.work : by_itself;
    std::optional<WholeSet> set;
    if (!work.all_ready([&] { set.emplace(device, network, parameters, examples, cross_entropy); }))
        return {};
    const auto go_on = [&](const SetProgress& progress) {
        if (stopped(options)) return false;
        if (options.on_picture) {
            options.on_picture({progress.norm, progress.number, progress.norms, progress.examples - 1,
                                std::size_t{examples.size()}});
        }
        return true;
    };
    const std::optional<Parameters> measured = set->measured(parameters, go_on, &work);
    if (!measured || !work.all_ready([&] { require_finite(*measured); })) return {};
    const Shape& shape = examples.input_shape();
    return Population{statistics_of(*measured, ""), examples.size(), shape.plane() * examples.size()};
}

}  // namespace shadenet
