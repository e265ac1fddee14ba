#include "bench/benchmark.h"
#include "gpu/buffer.h"
#include "gpu/kernel.h"
#include "gpu/recorder.h"
#include "peak_push.h"

namespace shadenet {

namespace {

constexpr int repeats = 5;

/// The best of several runs: a peak is what the device can do, not what it did meanwhile for others.
template <class Work>
double best_seconds(const Work& work) {
    double best = 0;
    for (int i = 0; i < repeats; ++i) {
        const double seconds = milliseconds_of(work) / 1000;
        best = i == 0 ? seconds : std::min(best, seconds);
    }
    return best;
}

/// Doubles the rounds until they last long enough for submitting not to count, but short enough for the
/// watchdog of a slow device; returns rounds a second.
template <class SecondsOf>
double rounds_per_second(std::uint32_t rounds, std::uint32_t most, const SecondsOf& seconds_of) {
    constexpr double long_enough = 0.02;
    double seconds = seconds_of(rounds);
    while (seconds < long_enough && rounds < most) seconds = seconds_of(rounds *= 2);
    return rounds / seconds;
}

double measure_gflops(const Device& device) {
    const bool software = device.info().kind == DeviceKind::software;
    const std::uint32_t threads = software ? 1 << 14 : 1 << 20;
    const Kernel<push::PeakPush> kernel(device, "peak_fma", {"y"});
    const Buffer y(device, threads * sizeof(float), "peak");
    Recorder recorder(device);
    const double rounds = rounds_per_second(8, 8192, [&](std::uint32_t count) {
        return best_seconds([&] {
            kernel(recorder, {{"y", y.whole()}}, {.rounds = count, .factor = 0.999f, .addend = 0.001f},
                   {threads});
            recorder.finish();
        });
    });
    return 2.0 * threads * rounds * push::PEAK_CHAINS * push::PEAK_LENGTH * 1e-9;
}

double measure_copy(const Device& device) {
    constexpr std::uint64_t bytes = 128 << 20;
    const Buffer from(device, bytes, "copy source"), to(device, bytes, "copy target");
    Recorder recorder(device);
    recorder.fill(from.whole(), 0x3f800000);
    recorder.fill(to.whole(), 0);
    recorder.finish();
    const double copies = rounds_per_second(1, 256, [&](std::uint32_t count) {
        return best_seconds([&] {
            for (std::uint32_t i = 0; i < count; ++i) recorder.copy(from.whole(), to.whole());
            recorder.finish();
        });
    });
    return 2.0 * static_cast<double>(bytes) * copies * 1e-9;
}

}  // namespace

Peaks measure_peaks(const Device& device) {
    return {measure_gflops(device), measure_copy(device)};
}

}  // namespace shadenet
