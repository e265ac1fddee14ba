// The results of a finished run against the float64 network.
#include "statistics/trained_quality.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <filesystem>
#include <optional>
#include <utility>

#include "reference/network.h"
#include "train/run_folder.h"
#include "train/train_test_tools.h"

using namespace shadenet;
using namespace shadenet::test;

namespace {

constexpr std::uint32_t picture_width = 19, picture_height = 14;

struct FinishedRun {
    explicit FinishedRun(std::uint32_t pairs, std::vector<std::uint32_t> domain_sizes = {})
        : data(std::vector<std::string>(pairs, "picture"), picture_width, picture_height,
               std::move(domain_sizes)) {
        for (std::uint32_t i = 0; i < pairs; ++i) {
            const Image input = made_picture(picture_width, picture_height, i);
            data.set(i, input, grey_of(input));
        }
        options = small_options();
        options.output = folder.path();
        parameters = initial_parameters(options.network.network(), 3);
    }
    RunResults results() const {
        return {.options = options,
                .parameters = parameters,
                .domains = domains,
                .examples = data,
                .pairs = PairSets{data.pictures(), validation ? &validation->pictures() : nullptr},
                .steps = 90,
                .norm_updates = {90},
                .norms_frozen = false,
                .stop = stop};
    }

    TemporaryFolder folder;
    PicturePairs data;
    std::optional<PicturePairs> validation;
    TrainOptions options;
    Parameters parameters;
    std::vector<NamedStatistics> domains;
    std::atomic<bool> stop = false;
};

double rounded(double value) {
    return std::floor(std::clamp(value, 0.0, 1.0) * 255 + 0.5);
}

/// Mean squared error, in levels, of results as files hold them.
double loss_of(const FinishedRun& run, const Parameters& parameters, const PicturePairs& pairs,
               std::uint32_t i) {
    const reference::NetworkRun network(run.options.network.network(), parameters);
    const auto result =
        network.infer(reference::tensor_from_floats(with_images(pairs.input_shape(), 1), pairs.input(i)));
    const std::vector<float> target = pairs.target(i);
    double sum = 0;
    for (std::size_t k = 0; k < target.size(); ++k) {
        sum += std::pow(rounded(result.values[k]) - rounded(target[k]), 2);
    }
    return sum / static_cast<double>(target.size());
}

void check_picture(const QualityRecord& record, std::size_t at, double levels) {
    INFO(at);
    // A value that float32 rounds to the next level changes the mean by less than this.
    CHECK(record.pictures.at(at).loss * 255 * 255 == Approx(levels).epsilon(2e-3));
}

}  // namespace

TEST_CASE("results are judged as files hold them") {
    const ValidatedDevice device;
    const FinishedRun run(3);
    const QualityRecord record = judge_trained(*device, run.results()).value();
    CHECK(record.step == 90);
    CHECK_FALSE(record.validation);
    CHECK(record.of == 3);
    REQUIRE(record.pictures.size() == 3);
    double sum = 0;
    for (std::uint32_t i = 0; i < 3; ++i) {
        check_picture(record, i, loss_of(run, run.parameters, run.data, i));
        sum += record.pictures[i].loss / 3;
        double untouched = 0;
        const std::vector<float> input = run.data.input(i), target = run.data.target(i);
        for (std::size_t k = 0; k < input.size(); ++k) {
            untouched +=
                std::pow(rounded(input[k]) - rounded(target[k]), 2) / static_cast<double>(input.size());
        }
        CHECK(record.pictures[i].untouched * 255 * 255 == Approx(untouched));
    }
    CHECK(record.all.loss == Approx(sum));
    CHECK(record.verdict.grade == QualityGrade::far);
}

TEST_CASE("validation pictures are judged where there are some, by the model's own statistics") {
    const ValidatedDevice device;
    FinishedRun run(2, {1, 1});
    run.domains = {statistics_of(run.parameters, "day"), statistics_of(run.parameters, "night")};
    for (NamedTensor& tensor : run.domains[1].tensors) {
        for (float& value : tensor.values) value = 2 * value + 0.25f;
    }
    const Parameters night = with_statistics(run.parameters, run.domains[1]);
    const QualityRecord trained = judge_trained(*device, run.results()).value();
    check_picture(trained, 0, loss_of(run, run.parameters, run.data, 0));
    check_picture(trained, 1, loss_of(run, night, run.data, 1));
    run.validation = made_data(3, picture_width, picture_height, 7);
    const QualityRecord record = judge_trained(*device, run.results()).value();
    CHECK(record.validation);
    CHECK(record.of == 3);
    REQUIRE(record.pictures.size() == 3);
    for (std::uint32_t i = 0; i < 3; ++i) {
        check_picture(record, i, loss_of(run, run.parameters, *run.validation, i));
    }
}

TEST_CASE("of many pictures some at equal distances are judged") {
    const ValidatedDevice device;
    const FinishedRun run(67);
    const QualityRecord record = judge_trained(*device, run.results()).value();
    CHECK(record.of == 67);
    REQUIRE(record.pictures.size() == most_judged);
    check_picture(record, 31, loss_of(run, run.parameters, run.data, 31 * 67 / 32));
}

TEST_CASE("what the floor tells is part of the verdict, and a stop leaves nothing") {
    const ValidatedDevice device;
    FinishedRun run(1);
    write_floor(RunPaths(run.folder.path()).floor(),
                {.loss = 1e-9, .pixels = 100, .side = 5, .reached = 0.1});
    run.stop = true;
    CHECK_FALSE(judge_and_keep(*device, run.results()));
    CHECK_FALSE(std::filesystem::exists(run.folder / "quality.json"));
    run.stop = false;
    const QualityRecord record = judge_and_keep(*device, run.results()).value();
    CHECK(read_quality(run.folder / "quality.json") == record);
    CHECK(std::ranges::count(record.verdict.findings, QualityKind::not_learned_yet, &QualityFinding::kind) ==
          1);
}
