#include "data/job_pairs.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "thread_group.h"
#include "train/train_test_tools.h"

using namespace shadenet;
using namespace shadenet::test;

namespace fs = std::filesystem;

namespace {

/// Five pairs as rank 0 has read them, and a folder in which any of them may be others.
struct OfTwoRanks {
    OfTwoRanks() {
        write_pairs(folder.path(), 5, 21, 13);
        PictureNotes notes;
        all.emplace(check_pairs(folder / "input", folder / "target", {}), notes);
    }
    JobPairs job() const { return {all->sizes(), all->domain_sizes(), all->whole_levels()}; }
    CheckedPairs of_rank_1(const JobPairs& told) {
        return own_pairs(pair_images(folder / "input", folder / "target"), all->records(), told,
                         Shares(ranks.rank(1), 2));
    }
    std::string refusal() {
        return message_of<InputError>([&] { of_rank_1(job()); });
    }
    void remove(const std::string& name) const {
        for (const char* kind : {"input", "target"}) fs::remove(folder / kind / name);
    }

    TemporaryFolder folder;
    std::optional<PictureSet> all;
    ThreadGroup ranks{2};
};

}  // namespace

TEST_CASE("job pairs: rank 0 tells of all pictures") {
    ThreadGroup ranks(3);
    const PictureSet pictures({"a", "b", "c"}, {{7, 5}, {1, 9}, {70'000, 2}}, {1, 2}, PixelRange{-1, 1});
    std::vector<JobPairs> received(ranks.size());
    {
        const ThreadGroup::Followers followers(
            ranks, [&](Group& rank) { received[rank.rank()] = receive_pairs(rank); });
        send_pairs(ranks.rank(0), pictures);
    }
    for (std::uint32_t rank = 1; rank < ranks.size(); ++rank) {
        CHECK(received[rank].sizes == pictures.sizes());
        CHECK(received[rank].domain_sizes == pictures.domain_sizes());
        CHECK_FALSE(received[rank].whole_levels);
    }
}

TEST_CASE("job pairs: a rank reads those of its shares, and the others may be damaged or missing") {
    OfTwoRanks of;
    of.remove("p0.png");
    fs::resize_file(of.folder / "input/p2.png", 100);
    fs::resize_file(of.folder / "target/p4.png", 0);
    PictureNotes notes;
    const PictureSet own(of.of_rank_1(of.job()), notes);
    CHECK(own.size() == 5);
    CHECK(own.sizes() == of.all->sizes());
    CHECK(own.records() == of.all->records());
    CHECK(own.whole_levels());
    for (const std::uint32_t pair : {1u, 3u}) {
        CHECK(own.input(pair) == of.all->input(pair));
        CHECK(own.target(pair) == of.all->target(pair));
    }
    CHECK(own.input(2) == std::vector<float>(3 * 21 * 13));
}

TEST_CASE("job pairs: levels are whole where those of all ranks are") {
    OfTwoRanks of;
    JobPairs told = of.job();
    told.whole_levels = false;
    PictureNotes notes;
    CHECK_FALSE(PictureSet(of.of_rank_1(told), notes).whole_levels());
}

TEST_CASE("job pairs: a picture of the rank's own that is missing is refused, and so is one more") {
    OfTwoRanks of;
    CHECK(of.refusal().empty());
    SECTION("missing") {
        of.remove("p3.png");
        CHECK(contains(of.refusal(),
                       "are others than those of rank 0: the pair \"p3\" is gone; give all ranks the same"));
    }
    SECTION("one more") {
        for (const char* kind : {"input", "target"})
            fs::copy(of.folder / kind / "p0.png", of.folder / kind / "p00.png");
        CHECK(contains(of.refusal(), "input/p00.png was not there then"));
    }
    SECTION("another content") {
        write_png(of.folder / "input/p1.png", made_picture(21, 13, 8));
        PictureNotes notes;
        const PictureSet own(of.of_rank_1(of.job()), notes);
        CHECK(own.records()[1] != of.all->records()[1]);
    }
}
