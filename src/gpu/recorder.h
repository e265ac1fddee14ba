// Records kernel calls and copies, places the barriers between them, and submits them in pieces short enough
// for the driver's watchdog. One Recorder is for one thread. On a device with a window, a submission sees
// what other Recorders submitted before it; elsewhere other Recorders may read what a Recorder wrote only
// after it has been waited for.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "gpu/buffer.h"
#include "gpu/commands.h"
#include "gpu/device.h"
#include "gpu/kernel.h"
#include "gpu/pipeline_parts.h"
#include "gpu/profiler.h"

namespace shadenet {

class Recorder {
  public:
    /// At most `submissions` are in flight at once; one more waits for the oldest.
    explicit Recorder(const Device& device, std::size_t submissions = 3);
    /// Waits for this Recorder's submissions. Calls that were recorded but not submitted are dropped.
    ~Recorder();
    Recorder(const Recorder&) = delete;
    Recorder& operator=(const Recorder&) = delete;

    /// Use Kernel's call operator. Throws InputError when the device cannot run so many workgroups at once,
    /// and WorkError when a binding is missing, unknown, misaligned or larger than the device allows.
    void dispatch(const AnyKernel& kernel, std::span<const Binding> bindings, std::span<const std::byte> push,
                  Threads threads);
    /// The ranges have equal sizes, multiples of 4 bytes.
    void copy(const BufferRange& from, const BufferRange& to);
    /// Writes bytes of the host, as they are now, in the order of the calls: what was recorded before does
    /// not see them. For small things; the size is a multiple of 4 bytes.
    void write(const BufferRange& range, std::span<const std::byte> bytes);
    template <class Numbers>
    void write(const Buffer& buffer, const Numbers& numbers) {
        write(buffer.range(0, sizeof numbers), std::as_bytes(std::span(&numbers, 1)));
    }
    /// Sets every 32-bit word of the range.
    void fill(const BufferRange& range, std::uint32_t word);

    /// Submits the recorded calls without waiting for them. Returns a ticket for everything that has been
    /// recorded so far; later tickets are larger.
    std::uint64_t submit();
    /// Waits for the ticket's calls and earlier ones, and no more. Then the host may read what they wrote.
    void wait(std::uint64_t ticket);
    /// Submits and waits until all is done. Then the host may read buffers, and the profiler is up to date.
    void finish();

    const Device& device() const { return device_; }
    Profiler& profiler() { return profiler_; }

    /// A submission ends when its calls are expected to take this long; one call may take longer. The frames
    /// of a window run between submissions.
    double submission_seconds() const { return device_.for_window() ? 0.005 : 0.1; }

  private:
    struct TimedCall {
        std::string kernel;
        double threads, bytes;
    };
    /// One submission that is being recorded or is in flight.
    struct Submission {
        explicit Submission(const Device& device);

        Commands commands;
        Owned<VkQueryPool, vkDestroyQueryPool> queries;  ///< none where the device has no timestamps
        DescriptorSets sets;
        std::vector<Owned<VkBufferView, vkDestroyBufferView>> views;  ///< of buffers that are read as texels
        std::vector<TimedCall> calls;
        bool recording = false, in_flight = false;
        std::uint64_t ticket = 0;  ///< of its latest submission
    };
    struct Access {
        BufferRange range;
        bool written;
    };

    Submission& recording();
    void complete(Submission& submission);
    void collect_times(Submission& submission);
    VkBufferView view(Submission& submission, const BufferRange& range, BindingKind kind);
    BufferRange as_quads(const BufferRange& range) const;
    void check_range(const AnyKernel& kernel, const ReflectedBinding& binding,
                     const BufferRange& range) const;
    VkDescriptorSet bind(Submission& submission, const AnyKernel& kernel,
                         std::span<const BufferRange> ranges);
    std::vector<BufferRange> in_shader_order(const AnyKernel& kernel,
                                             std::span<const Binding> bindings) const;
    void order_after_conflicts(VkCommandBuffer commands, std::span<const Access> accesses);
    void make_room_for(const std::string& kernel, double threads);

    const Device& device_;
    Profiler profiler_;
    std::vector<Submission> submissions_;
    std::size_t current_ = 0;
    std::uint64_t tickets_ = 0;          ///< number of tickets so far
    double expected_seconds_ = 0;        ///< of the calls that are recorded but not submitted
    std::vector<Access> since_barrier_;  ///< also of earlier submissions: a queue runs them in order
};

}  // namespace shadenet
