#include "statistics/trained_quality.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "base/one_line.h"
#include "data/picture_set.h"
#include "data/run_data.h"
#include "engine/picture_filter.h"
#include "image/image.h"
#include "model/named_statistics.h"
#include "model/presets.h"
#include "train/run_folder.h"

namespace shadenet {

namespace {

/// Filters by the statistics of the domain that was asked for last.
class DomainFilter {
  public:
    DomainFilter(const Device& device, const RunResults& results) : device_(device), results_(results) {}
    PictureFilter& of(std::uint32_t domain) {
        if (!filter_ || domain != domain_) {
            domain_ = domain;
            const Parameters& own = results_.parameters;
            filter_.emplace(device_, results_.options.network.network(),
                            domain == 0 ? own : with_statistics(own, results_.domains.at(domain)));
        }
        return *filter_;
    }

  private:
    const Device& device_;
    const RunResults& results_;
    std::optional<PictureFilter> filter_;
    std::uint32_t domain_ = 0;
};

QualityFacts facts_of_run(const RunResults& results, const QualityRecord& record) {
    const Network network = results.options.network.network();
    return {.all = record.all,
            .pictures = record.pictures,
            .floor = read_floor(RunPaths(results.options.output).floor()),
            .has_activation = has_activation(network),
            .pads_zeros = !continues_pictures(network),
            .two_layer = two_layer_options(network).has_value()};
}

}  // namespace

std::optional<QualityRecord> judge_trained(const Device& device, const RunResults& results) {
    if (!results.pairs) return {};  // there is no target to be near to
    const bool validation = results.pairs->validation != nullptr;
    const PictureSet& pairs = validation ? *results.pairs->validation : results.pairs->training;
    QualityRecord record{.step = results.steps, .validation = validation, .of = pairs.size()};
    DomainFilter filter(device, results);
    QualitySums all;
    double untouched = 0;
    const std::uint32_t most = std::min(pairs.size(), most_judged);
    for (std::uint32_t k = 0; k < most; ++k) {
        if (results.stop) return std::nullopt;
        if (k > 0 && all.pixels >= static_cast<double>(most_judged_pixels)) break;
        const auto i = static_cast<std::uint32_t>(std::uint64_t{k} * pairs.size() / most);
        const Image input = pairs.input_picture(i);
        const Picture8 target = to_picture8(pairs.target_picture(i));
        // The validation pictures have the model's own statistics.
        const std::uint32_t domain = validation ? 0 : pairs.domain_of(i);
        const Picture8 result = to_picture8(filter.of(domain).apply(input));
        const QualitySums sums = compare_pictures(result, target);
        const QualityFigures figures = figures_of(sums, squared_error(to_picture8(input), target));
        record.pictures.push_back({on_one_line(record_name(pairs.stems()[i])), figures.loss, figures.levels,
                                   figures.similarity, figures.untouched});
        all += sums;
        untouched += figures.untouched * sums.pixels;
    }
    record.all = figures_of(all, untouched / all.pixels);
    record.verdict = judge(facts_of_run(results, record));
    return record;
}

std::optional<QualityRecord> judge_and_keep(const Device& device, const RunResults& results) {
    std::optional<QualityRecord> record = judge_trained(device, results);
    if (record) write_quality(RunPaths(results.options.output).quality(), *record);
    return record;
}

}  // namespace shadenet
