// The last layer solved by several ranks, which are threads here.
#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "data/checked_pairs.h"
#include "device_fixture.h"
#include "model/presets.h"
#include "thread_group.h"
#include "train/run_files.h"
#include "train/solve.h"
#include "train/train_test_tools.h"

using namespace shadenet;
using namespace shadenet::test;

namespace {

/// Five pairs to learn from and three for validation, in folders.
struct SolvedOnRanks {
    SolvedOnRanks() {
        write_pairs(folder / "training", 5, 31, 22);
        write_pairs(folder / "validation", 3, 17, 25);
    }

    PictureSet pairs(const char* name, const Shares& of_pairs) const {
        CheckedPairs checked = check_pairs(folder / name / "input", folder / name / "target", {});
        checked.shares = of_pairs;
        PictureNotes notes;
        PictureSet set(checked, notes);
        set.join(notes);
        return set;
    }
    /// [rank], the values that the solution has there; none where there is no solution.
    std::vector<std::vector<float>> solve(std::uint32_t ranks, std::uint32_t shares, bool validates,
                                          const SolveOptions& options = {}) const {
        ThreadGroup group(ranks);
        return on_all<std::vector<float>>(group, [&](Group& rank) {
            const PictureSet training = pairs("training", Shares(rank, shares));
            const PictureSet validation = pairs("validation", Shares(rank, shares));
            // A ValidatedDevice makes checks, which Catch takes of one thread alone.
            const std::unique_ptr<Device> other = rank.leads() ? nullptr : Device::open("");
            std::optional<ValidatedDevice> own;
            if (rank.leads()) own.emplace();
            std::string why_not;
            const std::optional<Solution> solution =
                solve_last_layer(other ? *other : **own,
                                 {.network = network,
                                  .parameters = initial_parameters(network, 3),
                                  .training = training,
                                  .validation = validates ? &validation : nullptr},
                                 why_not, rank.leads() ? options : SolveOptions());
            std::vector<float> values;
            if (!solution) return values;
            values = {static_cast<float>(solution->trained), static_cast<float>(solution->solved)};
            for (const NamedTensor& tensor : solution->parameters.tensors())
                values.insert(values.end(), tensor.values.begin(), tensor.values.end());
            return values;
        });
    }

    TemporaryFolder folder;
    Network network = two_layer_network({.hidden = 5, .activation = "relu"});
};

}  // namespace

TEST_CASE("shared solve: the same bits on one, two and four ranks, and nearly those of one share") {
    const SolvedOnRanks of;
    for (const bool validates : {false, true}) {
        INFO(validates);
        const std::vector<float> one = of.solve(1, 4, validates).front(),
                                 whole = of.solve(1, 1, validates).front();
        REQUIRE(one.size() > 2);
        CHECK(one[1] < one[0]);
        for (const std::uint32_t ranks : {2u, 4u})
            for (const std::vector<float>& values : of.solve(ranks, 4, validates)) CHECK(values == one);
        CHECK(one[0] == Approx(whole[0]).epsilon(1e-5));
        CHECK(one[1] == Approx(whole[1]).epsilon(1e-3));
    }
}

TEST_CASE("shared solve: rank 0 stops it for all") {
    const SolvedOnRanks of;
    std::atomic<bool> stop = false;
    std::uint32_t rounds = 0;
    const auto progress = [&](std::uint32_t done, std::uint32_t all) {
        CHECK(done < all);
        stop = ++rounds == 4;
    };
    CHECK(of.solve(2, 2, false, {.stop = &stop, .on_progress = progress}) ==
          std::vector<std::vector<float>>(2));
    CHECK(rounds == 4);
}
