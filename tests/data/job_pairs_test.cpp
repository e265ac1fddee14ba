#include "data/job_pairs.h"

#include <cstdint>
#include <filesystem>
#include <mutex>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include <fmt/format.h>

#include "base/file.h"
#include "image/made_icc.h"
#include "thread_group.h"
#include "train/train_test_tools.h"

using namespace shadenet;
using namespace shadenet::test;

namespace fs = std::filesystem;

namespace {

/// Five pairs as rank 0 has them on its disk, and rank 1 on another. Of two shares rank 1 has p1 and p3.
struct OfTwoRanks {
    OfTwoRanks() {
        write_pairs(folder / "0", 5, 21, 13);
        fs::copy(folder / "0", folder / "1", fs::copy_options::recursive);
        PictureNotes notes;
        all.emplace(check_pairs(domains(0), {}), notes);
    }
    fs::path disk(std::uint32_t rank) const { return folder / std::to_string(rank); }
    std::vector<Domain> domains(std::uint32_t rank) const {
        return {{"", disk(rank) / "input", disk(rank) / "target"}};
    }
    void remove(const std::string& name) const {
        for (const char* kind : {"input", "target"}) fs::remove(disk(1) / kind / name);
    }
    static CheckedPairs own(Group& rank, const std::vector<Domain>& domains) {
        return own_pairs(domains, rank.leads() ? list_pairs(domains) : CheckedPairs(), Shares(rank, 2));
    }
    /// On both ranks: reads the pairs, and does `then` with them. Empty, or what is wrong with it on a rank.
    template <class Then>
    std::vector<std::string> read(const Then& then) {
        return on_all<std::string>(ranks, [&](Group& rank) {
            CheckedPairs pairs = own(rank, domains(rank.rank()));
            check_headers(pairs, {});
            PictureNotes notes;
            PictureSet set(pairs, notes);
            set.join(notes);
            const std::lock_guard one(checks);  // Catch takes the checks of one thread at a time
            return message_of<InputError>([&] { then(rank, set); });
        });
    }
    /// Of rank 1 where it looks for its pairs.
    std::string refusal() {
        return on_all<std::string>(ranks, [&](Group& rank) {
            return message_of<InputError>([&] { own(rank, domains(rank.rank())); });
        })[1];
    }
    /// Another content of as many bytes; the header stays.
    static void damage(const fs::path& file) {
        std::string bytes = file_text(file);
        bytes[bytes.size() / 2] ^= 1;
        write_file_atomically(file, bytes);
    }

    TemporaryFolder folder;
    std::optional<PictureSet> all;
    ThreadGroup ranks{2};
    std::mutex checks;
};

const std::vector<std::string> nothing_wrong(2);

}  // namespace

TEST_CASE("job pairs: a rank reads those of its shares, and the others may be damaged or missing") {
    OfTwoRanks of;
    of.remove("p0.png");
    fs::resize_file(of.disk(1) / "input/p2.png", 100);
    fs::resize_file(of.disk(1) / "target/p4.png", 0);
    CHECK(of.read([&](Group& rank, const PictureSet& own) {
        CHECK(own.size() == 5);
        CHECK(own.sizes() == of.all->sizes());
        CHECK(own.domain_sizes() == of.all->domain_sizes());
        CHECK(own.records() == of.all->records());
        CHECK(own.whole_levels());
        if (rank.leads()) return;
        for (const std::uint32_t pair : {1u, 3u}) {
            CHECK(own.input(pair) == of.all->input(pair));
            CHECK(own.target(pair) == of.all->target(pair));
        }
        CHECK(own.input(2) == std::vector<float>(3 * 21 * 13));
    }) == nothing_wrong);
}

TEST_CASE(
    "job pairs: a picture of the rank's own that is missing or another is refused, and so is one more") {
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
            fs::copy(of.disk(1) / kind / "p0.png", of.disk(1) / kind / "p00.png");
        CHECK(contains(of.refusal(), "input/p00.png is new"));
    }
    SECTION("another number of bytes") {
        fs::resize_file(of.disk(1) / "target/p2.png", 100);
        CHECK(of.refusal().empty());
        fs::resize_file(of.disk(1) / "target/p1.png", 100);
        CHECK(contains(of.refusal(), "target/p1.png is another picture"));
    }
}

TEST_CASE("job pairs: the folders of a domain without own pairs may be missing") {
    OfTwoRanks of;
    fs::rename(of.disk(0) / "input", of.folder / "all_input");
    fs::rename(of.disk(0) / "target", of.folder / "all_target");
    fs::remove_all(of.disk(1));
    // Pairs are dealt to the shares by turns: the first of all is rank 0's, and the others rank 1's.
    for (const char* kind : {"input", "target"}) {
        for (const auto& [rank, domain, name] :
             {std::tuple{0, "day", "p0.png"}, {0, "night", "p1.png"}, {1, "night", "p1.png"}}) {
            fs::create_directories(of.disk(rank) / domain / kind);
            fs::copy(of.folder / fmt::format("all_{}", kind) / name, of.disk(rank) / domain / kind / name);
        }
    }
    const auto found = on_all<CheckedPairs>(of.ranks, [&](Group& rank) {
        const fs::path disk = of.disk(rank.rank());
        return OfTwoRanks::own(rank, {{"day", disk / "day/input", disk / "day/target"},
                                      {"night", disk / "night/input", disk / "night/target"}});
    });
    for (const CheckedPairs& pairs : found) {
        CHECK(pairs.domain_sizes == std::vector<std::uint32_t>{1, 1});
        REQUIRE(pairs.pairs.size() == 2);
        CHECK(pairs.pairs[1].stem == "night_p1");
    }
    CHECK(found[1].pairs[0].input.empty());
    CHECK(found[1].pairs[1].target == of.disk(1) / "night/target/p1.png");
}

TEST_CASE("job pairs: rank 0 decodes those of its shares, and any other when it is asked for") {
    OfTwoRanks of;
    SECTION("all are what their ranks have read") {
        CHECK(of.read([&](Group& rank, const PictureSet& own) {
            if (!rank.leads()) return;
            for (std::uint32_t pair = 0; pair < 5; ++pair) {
                CHECK(own.input(pair) == of.all->input(pair));
                CHECK(own.target(pair) == of.all->target(pair));
            }
        }) == nothing_wrong);
    }
    SECTION("one of another rank may be damaged, or another, until it is asked for") {
        OfTwoRanks::damage(of.disk(0) / "input/p1.png");
        append_to_file(of.disk(0) / "input/p3.png", "x");
        append_to_file(of.disk(1) / "input/p3.png", "y");
        CHECK(of.read([&](Group& rank, const PictureSet& own) {
            CHECK(own.records()[1] == of.all->records()[1]);
            if (!rank.leads()) return;
            CHECK(own.input(2) == of.all->input(2));
            CHECK(contains(message_of<InputError>([&] { own.input(1); }), "input/p1.png: is damaged"));
            CHECK(contains(message_of<InputError>([&] { own.input(3); }),
                           "is not, or no longer, what rank 1 has read"));
        }) == nothing_wrong);
    }
}

TEST_CASE(
    "job pairs: what the files tell beside their pixels comes to all ranks, in the order of the pairs") {
    OfTwoRanks of;
    FilePicture deep{.colour = Picture16{21, 13, std::vector<std::uint16_t>(3 * 21 * 13, 1000)}};
    deep.metadata.icc = wide_profile("Wide");
    write_picture(of.disk(0) / "target/p3.png", deep, {});
    PictureNotes alone_notes;
    CheckedPairs pairs = check_pairs(of.domains(0), {});
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
