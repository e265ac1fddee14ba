#include "data/job_pairs.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/file.h"
#include "image/made_icc.h"
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
    JobPairs job() const { return {all->sizes(), all->domain_sizes(), true}; }
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
    const CheckedPairs pairs{
        .pairs = {}, .sizes = {{7, 5}, {1, 9}, {70'000, 2}}, .whole_levels = false, .domain_sizes = {1, 2}};
    std::vector<JobPairs> received(ranks.size());
    {
        const ThreadGroup::Followers followers(
            ranks, [&](Group& rank) { received[rank.rank()] = receive_pairs(rank); });
        send_pairs(ranks.rank(0), pairs);
    }
    for (std::uint32_t rank = 1; rank < ranks.size(); ++rank) {
        CHECK(received[rank].sizes == pairs.sizes);
        CHECK(received[rank].domain_sizes == pairs.domain_sizes);
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

TEST_CASE("job pairs: a picture of the rank's own that is missing is refused, and so is one more") {
    OfTwoRanks of;
    CHECK(of.refusal().empty());
    SECTION("missing") {
        of.remove("p3.png");
        CHECK(
            contains(of.refusal(),
                     "are others than those of rank 0: the pair \"p3\" is missing; give all ranks the same"));
    }
    SECTION("one more") {
        for (const char* kind : {"input", "target"})
            fs::copy(of.folder / kind / "p0.png", of.folder / kind / "p00.png");
        CHECK(contains(of.refusal(), "input/p00.png is new"));
    }
    SECTION("another content") {
        write_png(of.folder / "input/p1.png", made_picture(21, 13, 8));
        PictureNotes notes;
        const PictureSet own(of.of_rank_1(of.job()), notes);
        CHECK(own.records()[1] != of.all->records()[1]);
    }
}

TEST_CASE("job pairs: rank 0 decodes those of its shares, and any other when it is asked for") {
    OfTwoRanks of;
    const auto checked = [&] {
        CheckedPairs pairs = check_pairs(of.folder / "input", of.folder / "target", {});
        pairs.shares = Shares(of.ranks.rank(0), 2);
        return pairs;
    };
    PictureNotes notes;
    const PictureSet own(checked(), notes);
    CHECK(own.records() == of.all->records());
    for (std::uint32_t pair = 0; pair < 5; ++pair) {
        CHECK(own.input(pair) == of.all->input(pair));
        CHECK(own.target(pair) == of.all->target(pair));
    }
    SECTION("one of another rank may be damaged") {
        const fs::path file = of.folder / "input/p1.png";
        std::string bytes = file_text(file);
        bytes[bytes.size() / 2] ^= 1;
        write_file_atomically(file, bytes);
        const PictureSet damaged(checked(), notes);
        CHECK(damaged.records()[1] != of.all->records()[1]);
        CHECK(contains(message_of<InputError>([&] { damaged.input(1); }), "input/p1.png"));
    }
    SECTION("one that has changed meanwhile is refused") {
        write_png(of.folder / "input/p1.png", made_picture(21, 13, 8));
        CHECK(contains(message_of<InputError>([&] { own.input(1); }), "has changed since the run was begun"));
        CHECK(own.input(2) == of.all->input(2));
    }
}

TEST_CASE(
    "job pairs: what the files tell beside their pixels comes to all ranks, in the order of the pairs") {
    OfTwoRanks of;
    FilePicture deep{.colour = Picture16{21, 13, std::vector<std::uint16_t>(3 * 21 * 13, 1000)}};
    deep.metadata.icc = wide_profile("Wide");
    write_picture(of.folder / "target/p3.png", deep, {});
    PictureNotes alone_notes;
    CheckedPairs pairs = check_pairs(of.folder / "input", of.folder / "target", {});
    pairs.align = true;
    const PictureSet alone_set(pairs, alone_notes);
    const std::vector<std::string> profiles = alone_set.profiles().lines();
    REQUIRE(profiles.size() == 2);
    REQUIRE(alone_notes.lines().size() == 2);
    struct Told {
        std::vector<std::string> notes, profiles;
        std::vector<std::byte> icc;
        bool whole_levels = true;
    };
    const auto told = on_all<Told>(of.ranks, [&](Group& rank) {
        CheckedPairs shared = pairs;
        shared.shares = Shares(rank, 2);
        PictureNotes notes;
        PictureSet set(shared, notes);
        set.join(notes);
        return Told{notes.lines(), set.profiles().lines(), set.profiles().colours().target_icc,
                    set.whole_levels()};
    });
    for (const Told& one : told) {
        CHECK(one.notes == alone_notes.lines());
        CHECK(one.profiles == profiles);
        CHECK(one.icc == alone_set.profiles().colours().target_icc);
        CHECK_FALSE(one.whole_levels);
    }
}
