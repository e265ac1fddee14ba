#include "gpu/recorder.h"

#include <algorithm>
#include <bit>
#include <functional>
#include <numeric>
#include <stdexcept>

#include "base/error.h"
#include "device_fixture.h"
#include "driver_doubles.h"
#include "gpu_test_tools.h"

using namespace shadenet;

namespace {

constexpr std::uint32_t count = 1000;
constexpr std::uint64_t bytes = count * sizeof(float);

std::uint32_t word(float value) {
    return std::bit_cast<std::uint32_t>(value);
}

/// Three rows of floats in one buffer, each where a binding may begin, with the same on the host.
struct Rows {
    explicit Rows(const Device& device) : buffer(device, 3 * align_up(bytes), "rows") {
        for (std::size_t row = 0; row < 3; ++row) {
            std::iota(host[row].begin(), host[row].end(), static_cast<float>(row + 1));
            buffer.upload(std::span<const float>(host[row]), range(row).offset);
        }
    }
    BufferRange range(std::size_t row) const { return buffer.range(row * align_up(bytes), bytes); }
    void check() const {
        for (std::size_t row = 0; row < 3; ++row) {
            INFO("row " << row);
            CHECK(buffer.download<float>(count, range(row).offset) == host[row]);
        }
    }

    Buffer buffer;
    std::vector<float> host[3] = {std::vector<float>(count), std::vector<float>(count),
                                  std::vector<float>(count)};
};

/// A step of a chain in which everything depends on what came before: reads after writes, writes after reads
/// and writes after writes, of kernels, copies and fills, on the device and on the host.
void chain_step(Recorder& recorder, const Adder& add, Rows& rows, std::size_t step) {
    const std::size_t a = step % 3, b = (step + 1) % 3, c = (step + 2) % 3;
    auto& host = rows.host;
    switch (step % 4) {
        case 0:
        case 1:
            add(recorder, rows.range(a), rows.range(b), rows.range(c));
            for (std::size_t i = 0; i < count; ++i) host[c][i] = host[a][i] + host[b][i];
            break;
        case 2:
            recorder.copy(rows.range(c), rows.range(a));
            host[a] = host[c];
            break;
        case 3:
            recorder.fill(rows.range(b), word(0.5f));
            recorder.fill(rows.range(b), word(0.25f));
            host[b].assign(count, 0.25f);
            break;
    }
}

/// Where each value is the one before it plus 1, made by so many calls that depend on each other.
std::vector<float> counted(const Device& device, std::uint32_t calls, std::uint32_t calls_per_finish) {
    const Adder add(device);
    const Buffer sum(device, bytes, "sum"), one(device, bytes, "one");
    Recorder recorder(device);
    recorder.fill(sum.whole(), word(0.0f));
    recorder.fill(one.whole(), word(1.0f));
    for (std::uint32_t call = 0; call < calls; ++call) {
        add(recorder, sum.whole(), one.whole(), sum.whole());
        if ((call + 1) % calls_per_finish == 0) recorder.finish();
    }
    recorder.finish();
    return sum.download<float>(count);
}

PFN_vkWaitForFences real_wait = nullptr;
std::uint32_t waits = 0;

VkResult counted_wait(VkDevice device, std::uint32_t count_of_fences, const VkFence* fences, VkBool32 all,
                      std::uint64_t timeout) {
    ++waits;
    return real_wait(device, count_of_fences, fences, all, timeout);
}

}  // namespace

TEST_CASE_METHOD(DeviceFixture,
                 "recorder: calls, copies and fills that depend on each other keep their order") {
    const Adder add(device);
    Rows rows(device);
    Recorder recorder(device);
    for (std::size_t step = 0; step < 60; ++step) chain_step(recorder, add, rows, step);
    recorder.finish();
    rows.check();
}

TEST_CASE_METHOD(DeviceFixture, "recorder: order holds across submissions, too") {
    const Adder add(device);
    Rows rows(device);
    Recorder recorder(device);
    for (std::size_t step = 0; step < 60; ++step) {
        chain_step(recorder, add, rows, step);
        if (step % 3 == 0) recorder.submit();
        if (step % 17 == 0) recorder.finish();
    }
    recorder.finish();
    rows.check();
}

TEST_CASE_METHOD(DeviceFixture, "recorder: thousands of calls, in pieces or at once, count right") {
    // More than a pool of descriptor sets has, and more than a submission takes.
    constexpr std::uint32_t calls = 1700;
    const std::vector<float> expected(count, static_cast<float>(calls));
    CHECK(counted(device, calls, calls + 1) == expected);
    CHECK(counted(device, calls, 7) == expected);
}

TEST_CASE_METHOD(DeviceFixture, "recorder: fill and copy touch their range and no more") {
    const Buffer from(device, 64, "from"), to(device, 64, "to");
    Recorder recorder(device);
    recorder.fill(from.whole(), 1);
    recorder.fill(to.whole(), 2);
    recorder.fill(from.range(8, 12), 7);
    recorder.copy(from.range(4, 20), to.range(40, 20));
    recorder.finish();
    CHECK(from.download<std::uint32_t>(16) ==
          std::vector<std::uint32_t>{1, 1, 7, 7, 7, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1});
    CHECK(to.download<std::uint32_t>(16) ==
          std::vector<std::uint32_t>{2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 1, 7, 7, 7, 1, 2});
}

TEST_CASE_METHOD(DeviceFixture, "recorder: what the host writes is seen by the calls after it alone") {
    const Buffer words(device, 80'000 * sizeof(std::uint32_t), "words");  // more than one command writes
    const Buffer before(device, 16, "before"), after(device, 16, "after");
    std::vector<std::uint32_t> values(80'000);
    std::iota(values.begin(), values.end(), 5u);
    Recorder recorder(device);
    recorder.fill(words.whole(), 1);
    recorder.copy(words.range(4, 16), before.whole());
    recorder.write(words.range(4, words.bytes() - 8), std::as_bytes(std::span(values).first(79'998)));
    values.assign(values.size(), 0);  // was read by the call
    recorder.copy(words.range(4, 16), after.whole());
    recorder.finish();
    CHECK(before.download<std::uint32_t>(4) == std::vector<std::uint32_t>(4, 1));
    CHECK(after.download<std::uint32_t>(4) == std::vector<std::uint32_t>{5, 6, 7, 8});
    const auto all = words.download<std::uint32_t>(80'000);
    CHECK((all.front() == 1 && all[1] == 5 && all[79'998] == 80'002 && all.back() == 1));
}

TEST_CASE_METHOD(DeviceFixture, "recorder: repeated calls keep their order, with what comes between them") {
    const Adder add(device);
    const Buffer sum(device, bytes, "sum"), step(device, bytes, "step"), seen(device, 50 * 4, "seen");
    for (const std::size_t submissions : {1u, 3u}) {
        Recorder recorder(device, submissions);
        Recorder::Recording recording;
        std::uint32_t recorded = 0;
        recorder.fill(sum.whole(), word(0.0f));
        std::vector<float> sums;
        for (std::uint32_t i = 0; i < 50; ++i) {
            const std::vector<float> now(count, static_cast<float>(i % 7));
            recorder.write(step.whole(), std::as_bytes(std::span(now)));
            recorder.repeat(recording, [&] {
                ++recorded;
                for (int call = 0; call < 3; ++call) {
                    add(recorder, sum.whole(), step.whole(), sum.whole());
                    if (call == 0) recorder.submit();  // cuts the recording
                }
            });
            recorder.copy(sum.range(4 * (count - 1), 4), seen.range(i * sizeof(float), sizeof(float)));
            if (i % 13 == 5) recorder.finish();
            sums.push_back((i == 0 ? 0 : sums.back()) + 3 * now.front());
        }
        recorder.finish();
        CHECK(seen.download<float>(50) == sums);
        CHECK(sum.download<float>(count) == std::vector<float>(count, sums.back()));
        if (device.info().timestamp_period == 0) continue;
        CHECK(recorder.profiler().times().at("stack_add").calls == 150);
        CHECK(recorded <= 3 * submissions);
    }
}

TEST_CASE_METHOD(DeviceFixture, "recorder: a recording that fails leaves the recorder usable") {
    const Adder add(device);
    Rows rows(device);
    Recorder recorder(device);
    Recorder::Recording recording, other;
    chain_step(recorder, add, rows, 0);
    const auto fails = [&](auto what) {
        recorder.repeat(recording, [&] {
            recorder.fill(rows.range(1), 0);
            what();
        });
    };
    CHECK_THROWS_AS(fails([&] { recorder.finish(); }), std::logic_error);
    CHECK_THROWS_AS(fails([&] { recorder.repeat(other, [] {}); }), std::logic_error);
    CHECK_THROWS_AS(fails([] { throw WorkError("as if"); }), WorkError);
    for (std::size_t step = 1; step < 9; ++step) chain_step(recorder, add, rows, step);
    recorder.finish();
    rows.check();
    recorder.repeat(recording, [] {});  // nothing at all
    recorder.fill(rows.range(0), word(7.0f));
    recorder.repeat(recording, [] {});
    recorder.finish();
    CHECK(rows.buffer.download<float>(1).front() == 7.0f);
}

TEST_CASE_METHOD(DeviceFixture, "recorder: no threads are no call, and an idle recorder may finish") {
    const Adder add(device);
    const Buffer row(device, bytes, "row");
    Recorder recorder(device);
    recorder.finish();
    recorder.submit();
    recorder.dispatch(add.kernel(),
                      std::vector<Binding>{{"x", row.whole()}, {"other", row.whole()}, {"y", row.whole()}},
                      std::as_bytes(std::span<const push::StackAddPush>()), {.x = 0});
    recorder.finish();
    CHECK(recorder.profiler().times().empty());
}

TEST_CASE_METHOD(DeviceFixture, "recorder: wrong bindings are refused by the kernel's name, and it goes on") {
    const Adder add(device);
    Rows rows(device);
    Recorder recorder(device);
    const BufferRange good = rows.range(0);
    const push::StackAddPush push = Adder::push(count / 4);
    const auto complaint = [&](const std::vector<Binding>& bindings) -> std::string {
        try {
            recorder.dispatch(add.kernel(), bindings, std::as_bytes(std::span(&push, 1)), {.x = count});
        } catch (const WorkError& error) {
            return error.what();
        }
        return "";
    };
    const auto with_x = [&](const BufferRange& x) {
        return complaint({{"x", x}, {"other", good}, {"y", rows.range(1)}});
    };
    CHECK_THAT(complaint({{"x", good}, {"y", good}}),
               ContainsSubstring("stack_add") && ContainsSubstring("other"));
    CHECK_THAT(complaint({{"x", good}, {"other", good}, {"y", good}, {"z", good}}), ContainsSubstring("z"));
    for (const BufferRange& bad : {rows.buffer.range(4, 100), rows.buffer.range(0, 0),
                                   rows.buffer.range(range_alignment, rows.buffer.bytes()), BufferRange{}}) {
        CHECK_THAT(with_x(bad), ContainsSubstring("stack_add") && ContainsSubstring("x"));
    }
    CHECK_THROWS_AS(
        recorder.dispatch(add.kernel(), std::vector<Binding>{{"x", good}, {"other", good}, {"y", good}},
                          std::as_bytes(std::span(&push, 1)), {.x = 1, .y = 1, .z = std::uint64_t{1} << 40}),
        InputError);
    chain_step(recorder, add, rows, 0);
    recorder.finish();
    rows.check();
}

TEST_CASE_METHOD(DeviceFixture, "recorder: what was recorded and never submitted is dropped") {
    const Buffer row(device, bytes, "row");
    const std::vector<float> before(count, 3.0f);
    row.upload(std::span<const float>(before));
    {
        Recorder recorder(device);
        recorder.fill(row.whole(), 0);
    }
    CHECK(row.download<float>(count) == before);
}

TEST_CASE_METHOD(DeviceFixture, "profiler: counts calls and times them") {
    const Adder add(device);
    Rows rows(device);
    Recorder recorder(device);
    for (int call = 0; call < 5; ++call) add(recorder, rows.range(0), rows.range(1), rows.range(2));
    recorder.finish();
    if (device.info().timestamp_period == 0) return;
    const auto& times = recorder.profiler().times();
    REQUIRE(times.size() == 1);
    const KernelTime& time = times.at("stack_add");
    CHECK(time.calls == 5);
    CHECK(time.seconds > 0);
    CHECK(time.seconds < 10);
    CHECK(time.bytes == 5 * 3 * bytes);
    CHECK(recorder.profiler().expected("stack_add", 2.0 * count) >= 0);
    CHECK(recorder.profiler().expected("another", 1) < 0);
    recorder.profiler().clear_totals();
    CHECK(times.at("stack_add").calls == 0);
}

TEST_CASE_METHOD(DeviceFixture, "recorder: a ticket waits for its submission and those before, and no more") {
    real_wait = vkWaitForFences;
    waits = 0;
    const Replaced counting(vkWaitForFences, PFN_vkWaitForFences{counted_wait});
    const Buffer words(device, 4 * range_alignment, "words");
    Recorder recorder(device, 4);
    CHECK(recorder.submit() == 0);
    std::uint64_t tickets[4];
    for (std::uint32_t i = 0; i < 4; ++i) {
        recorder.fill(words.range(i * range_alignment, 4), i + 10);
        tickets[i] = recorder.submit();
        CHECK(recorder.submit() == tickets[i]);  // nothing was recorded since
    }
    CHECK(std::adjacent_find(tickets, tickets + 4, std::greater_equal<>()) == tickets + 4);
    const auto waits_for = [&](std::uint64_t ticket) {
        const std::uint32_t before = waits;
        recorder.wait(ticket);
        return waits - before;
    };
    CHECK(waits_for(0) == 0);
    CHECK(waits_for(tickets[0]) == 1);
    CHECK(words.download<std::uint32_t>(1).front() == 10);
    CHECK(waits_for(tickets[0]) == 0);
    CHECK(waits_for(tickets[2]) == 2);
    CHECK(words.download<std::uint32_t>(1, 2 * range_alignment).front() == 12);
    recorder.fill(words.range(0, 4), 20);  // recorded only: no ticket stands for it yet
    CHECK(waits_for(tickets[3]) == 1);
    CHECK(waits_for(recorder.submit()) == 1);
    CHECK(words.download<std::uint32_t>(1).front() == 20);
}

TEST_CASE_METHOD(DeviceFixture, "recorder: one more submission than the ring holds waits for the oldest") {
    real_wait = vkWaitForFences;
    waits = 0;
    const Replaced counting(vkWaitForFences, PFN_vkWaitForFences{counted_wait});
    const Buffer word(device, 4, "word"), other(device, 4, "other");
    Recorder recorder(device, 2);
    for (std::uint32_t i = 0; i < 2; ++i) {
        recorder.fill(word.whole(), i);
        recorder.submit();
    }
    CHECK(waits == 0);
    recorder.fill(word.whole(), 2);
    CHECK(waits == 1);
    recorder.finish();
    CHECK(waits == 3);
    CHECK(word.download<std::uint32_t>(1).front() == 2);

    Recorder::Recording recording;
    for (std::uint32_t i = 0; i < 5; ++i) {
        recorder.write(word, i);  // goes with the repeated calls
        recorder.repeat(recording, [&] { recorder.copy(word.whole(), other.whole()); });
    }
    recorder.finish();
    CHECK(waits == 3 + 7);  // what the host wrote is submitted by itself before calls that are being recorded
    CHECK(other.download<std::uint32_t>(1).front() == 4);
}
