// What the ranks of a step bring together: the ranks are threads here.
#include "engine/stack/step_rows.h"

#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <span>
#include <vector>

#include "catch.h"
#include "gpu/device.h"
#include "model/random.h"
#include "thread_group.h"

using namespace shadenet;
using namespace shadenet::test;

namespace {

constexpr std::uint32_t all_shares = 8;
constexpr std::uint64_t in_any_slices = 0, never_in_slices = std::numeric_limits<std::uint64_t>::max();

/// Of a share: numbers whose sum tells in which order they were added, and where flushed to 0.
std::vector<float> row_of(std::uint32_t share, std::uint32_t columns) {
    std::mt19937_64 random = random_stream(share, columns);
    std::vector<float> row(columns);
    for (float& value : row) {
        value = std::ldexp(static_cast<float>(random() % 4096) - 2048, static_cast<int>(random() % 20) - 10);
        if (random() % 16 == 0) value = -0.0f;
        if (random() % 16 == 0) value = std::ldexp(value, -140);
    }
    return row;
}

struct Result {
    std::vector<std::vector<float>> sums;
    std::vector<float> gathered;
    Exchanges exchanges;
};

/// What a rank has after the exchange of two sums and of rows between them.
Result brought_together(const Device& device, Group& group, const std::vector<std::uint32_t>& widths,
                        std::uint64_t least_spared) {
    const Shares shares(group, all_shares);
    StepRows rows(device, shares, least_spared);
    std::vector<const SumRows*> sums{&rows.add_sums(widths[0], "first")};
    const ShareRows& gathered = rows.add(3, "gathered");
    sums.push_back(&rows.add_sums(widths[1], "second"));
    for (std::uint32_t own = 0; own < shares.own(); ++own) {
        const auto write = [&](const BufferRange& to, std::uint32_t columns) {
            to.buffer->upload(std::span<const float>(row_of(shares.first() + own, columns)), to.offset);
        };
        for (std::size_t i = 0; i < sums.size(); ++i) write(sums[i]->range(own), widths[i]);
        write(gathered.range(own), 3);
    }
    const Exchanges begun = group.exchanges();
    Recorder recorder(device);
    rows.exchange(recorder);
    Result result;
    result.exchanges = {group.exchanges().calls - begun.calls, group.exchanges().bytes - begun.bytes};
    const WeightSum sum(device);
    for (std::size_t i = 0; i < sums.size(); ++i) {
        const Buffer to(device, widths[i] * sizeof(float), "sum");
        recorder.fill(to.whole(), 0x7fc00000);
        sum(recorder, {.out = widths[i] / 4, .in = 4}, sums[i]->partials(), to.whole());
        recorder.finish();
        result.sums.push_back(to.download<float>(widths[i]));
    }
    result.gathered = gathered.all().buffer->download<float>(all_shares * 3);
    return result;
}

/// Of every rank.
std::vector<Result> on_ranks(std::uint32_t ranks, const std::vector<std::uint32_t>& widths,
                             std::uint64_t least_spared) {
    test::ThreadGroup group(ranks);
    std::vector<Result> results(ranks);
    const auto work = [&](Group& rank) {
        const auto device = Device::open();
        results[rank.rank()] = brought_together(*device, rank, widths, least_spared);
    };
    {
        const test::ThreadGroup::Followers followers(group, work);
        work(group.rank(0));
    }
    return results;
}

bool same_floats(const std::vector<float>& a, const std::vector<float>& b) {
    return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(float)) == 0;
}

void check_true(const std::vector<float>& sums) {
    std::vector<double> truth(sums.size()), size(sums.size());
    for (std::uint32_t share = 0; share < all_shares; ++share) {
        const std::vector<float> row = row_of(share, static_cast<std::uint32_t>(sums.size()));
        for (std::size_t i = 0; i < row.size(); ++i) {
            truth[i] += row[i];
            size[i] += std::abs(row[i]);
        }
    }
    std::size_t wrong = 0;
    for (std::size_t i = 0; i < sums.size(); ++i)
        wrong += std::abs(sums[i] - truth[i]) <= 1e-6 * size[i] + 1e-37 ? 0 : 1;
    CHECK(wrong == 0);
}

}  // namespace

TEST_CASE("step rows: sums are the same bits from whole rows and from slices, on any number of ranks") {
    // Slices that end with the rows, before them, and behind the last rank's begin.
    for (const std::vector<std::uint32_t>& widths :
         {std::vector<std::uint32_t>{512, 4096}, {16, 1552}, {272, 80}, {65552, 16}}) {
        CAPTURE(widths);
        const Result expected = on_ranks(1, widths, never_in_slices).front();
        for (const std::vector<float>& sums : expected.sums) check_true(sums);
        for (const std::uint32_t ranks : {1u, 2u, 4u, 8u}) {
            for (const std::uint64_t least_spared : {in_any_slices, never_in_slices}) {
                CAPTURE(ranks, least_spared);
                for (const Result& result : on_ranks(ranks, widths, least_spared)) {
                    for (std::size_t i = 0; i < widths.size(); ++i)
                        CHECK(same_floats(result.sums[i], expected.sums[i]));
                    CHECK(same_floats(result.gathered, expected.gathered));
                }
            }
        }
    }
}

TEST_CASE("step rows: slices bring fewer bytes, and are used where these are many fewer") {
    const std::vector<std::uint32_t> widths = {512, 4096};
    const std::uint64_t row = (512 + 4096) * sizeof(float), beside = all_shares * 3 * sizeof(float);
    const auto of_rank_0 = [&](std::uint64_t least_spared) {
        return on_ranks(4, widths, least_spared).front().exchanges;
    };
    const Exchanges whole = of_rank_0(never_in_slices);
    CHECK(whole.calls == 1);
    CHECK(whole.bytes == all_shares * row + beside);
    const Exchanges slices = of_rank_0(in_any_slices);
    CHECK(slices.calls == 2);
    CHECK(slices.bytes == (all_shares / 4 + 1) * row + beside);
    // The larger spares this much.
    const std::uint64_t spared = (all_shares - all_shares / 4 - 1) * 4096 * sizeof(float);
    CHECK(of_rank_0(spared).bytes == whole.bytes - spared);
    CHECK(of_rank_0(spared + 1).bytes == whole.bytes);
    CHECK(on_ranks(1, widths, in_any_slices).front().exchanges.calls == 0);
}
