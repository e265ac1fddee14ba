// Results of pairs that several ranks make, which are threads here.
#include "task/pair_results.h"

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "data/checked_pairs.h"
#include "device_fixture.h"
#include "model/presets.h"
#include "thread_group.h"
#include "train/run_files.h"
#include "train/train_test_tools.h"

using namespace shadenet;
using namespace shadenet::test;

namespace fs = std::filesystem;

namespace {

/// Five pairs in a folder, and what becomes of their results on two ranks.
struct OfRanks {
    OfRanks() { write_pairs(folder.path(), 5, 15, 11); }

    PairResults all(const Parameters& parameters) const {
        return {.kind = "after",
                .of_domains = {parameters},
                .wanted = std::vector<bool>(5, true),
                .compared = true};
    }
    /// How it ended on rank 0: "done", "stopped" or an error's message.
    std::string publish(std::uint32_t ranks, const PairResults& results, const fs::path& to) {
        ThreadGroup group(ranks);
        return on_all<std::string>(group, [&](Group& rank) {
            CheckedPairs checked = check_pairs(folder / "input", folder / "target", {});
            checked.shares = Shares(rank, 2);
            PictureNotes notes;
            PictureSet pairs(checked, notes);
            pairs.join(notes);
            if (!rank.leads()) {
                const auto own = Device::open("");
                PairPublisher(*own, pairs, network, to, stop).publish_along();
                return std::string();
            }
            const ValidatedDevice device;
            PairPublisher publisher(*device, pairs, network, to, stop);
            errors.clear();
            try {
                const auto take = [&](const SquaredErrors& one) { errors.push_back(one.sum); };
                return std::string(publisher.publish(results, take) ? "done" : "stopped");
            } catch (const BadResult& error) {
                return std::string(error.what());
            }
        })[0];
    }

    TemporaryFolder folder;
    Network network = two_layer_network({});
    std::atomic<bool> stop = false;
    std::vector<double> errors;
};

}  // namespace

TEST_CASE("results of pairs: two ranks leave what one leaves, and tell as much") {
    OfRanks of;
    const PairResults results = of.all(initial_parameters(of.network, 3));
    CHECK(of.publish(1, results, of.folder / "one") == "done");
    const std::vector<double> errors = of.errors;
    CHECK(errors.size() == 5);
    CHECK(of.publish(2, results, of.folder / "two") == "done");
    CHECK(of.errors == errors);
    CHECK(files_of(of.folder / "one").size() == 5);
    CHECK(files_of(of.folder / "one") == files_of(of.folder / "two"));
    for (const std::string& name : files_of(of.folder / "one"))
        CHECK(file_text(of.folder / "one" / name) == file_text(of.folder / "two" / name));
}

TEST_CASE("results of pairs: only those that are wanted are made, and none once it is stopped") {
    OfRanks of;
    PairResults results = of.all(initial_parameters(of.network, 3));
    results.wanted = {false, true, false, false, true};
    results.compared = false;
    CHECK(of.publish(2, results, of.folder / "some") == "done");
    CHECK(files_of(of.folder / "some").size() == 2);
    CHECK(of.errors.empty());
    of.stop = true;
    CHECK(of.publish(2, results, of.folder / "stopped") == "stopped");
    CHECK_FALSE(fs::exists(of.folder / "stopped"));
}

TEST_CASE("results of pairs: what another rank makes of its pair may be no number, and rank 0 says so") {
    OfRanks of;
    // Of the pairs of rank 0 black is made; those of rank 1 are too bright for such weights.
    for (const char* name : {"p0.png", "p2.png", "p4.png"})
        write_png(of.folder / "input" / name, Image{15, 11, std::vector<float>(3 * 15 * 11)});
    Parameters parameters = initial_parameters(of.network, 3);
    for (NamedTensor& tensor : parameters.tensors()) {
        if (tensor.name.ends_with(".bias") || tensor.name.ends_with(".running_mean"))
            std::ranges::fill(tensor.values, 0.0f);
        if (tensor.name == "conv1.weight" || tensor.name == "conv2.weight")
            std::ranges::fill(tensor.values, 1e18f);
    }
    const std::string end = of.publish(2, of.all(parameters), of.folder / "bad");
    CHECK(contains(end, "rank 1 on a thread: "));
    CHECK(contains(end, "after_p1.png: not written: what the network makes of it is no number"));
    CHECK_FALSE(fs::exists(of.folder / "bad"));
}
