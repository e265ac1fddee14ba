// Records kernel calls and copies, places the barriers between them, and submits them in pieces short enough
// for the driver's watchdog. One Recorder is for one thread. On a device with a window, a submission sees
// what other Recorders submitted before it; elsewhere other Recorders may read what a Recorder wrote only
// after it has been waited for.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
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
    struct Submission;

  public:
    static constexpr const char* part_mark = " @";

    /// Calls that were recorded once, to be submitted again and again; see repeat(). For one Recorder, which
    /// must have finished, or be gone, before this goes.
    class Recording {
        friend class Recorder;
        /// The calls in pieces. One copy runs while the host submits the next one.
        struct Copy {
            std::vector<Submission> pieces;
            bool settled = false;  ///< the pieces are cut by known durations
        };
        std::vector<Copy> copies_;
        std::size_t next_ = 0;
    };

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

    /// Submits what `calls` records with this Recorder, after what was recorded before. It is called when
    /// `recording` is new, and until all durations are known by which submissions are cut; then what it has
    /// recorded is submitted again. So the calls must be the same each time; what they read may have changed
    /// in between, also by write(). They must not wait. Returns a ticket as submit() does.
    std::uint64_t repeat(Recording& recording, const std::function<void()>& calls);

    /// Submits the recorded calls without waiting for them. Returns a ticket for everything that has been
    /// recorded so far; later tickets are larger.
    std::uint64_t submit();
    /// Waits for the ticket's calls and earlier ones, and no more. Then the host may read what they wrote.
    void wait(std::uint64_t ticket);
    /// Submits and waits until all is done. Then the host may read buffers, and the profiler is up to date.
    void finish();

    /// From now on the profiler tells calls of different parts apart: "stack_add" of part conv1 is "stack_add
    /// @conv1".
    void tell_parts_apart() { tells_parts_ = true; }
    /// Says what the following calls belong to; "" is nothing.
    void begin_part(const std::string& part) {
        if (tells_parts_) part_ = part.empty() ? part : part_mark + part;
    }

    const Device& device() const { return device_; }
    Profiler& profiler() { return profiler_; }

    /// A submission ends when its calls are expected to take this long; one call may take longer. The frames
    /// of a window run between submissions.
    double submission_seconds() const { return device_.for_window() ? 0.005 : 0.1; }

  private:
    struct TimedCall {
        std::string kernel;
        double threads, bytes;
        KernelTime* time = nullptr;  ///< the kernel's, once it is needed
    };
    /// What is being recorded, or submitted together.
    struct Submission {
        explicit Submission(const Device& device);

        Commands commands;
        Owned<VkQueryPool, vkDestroyQueryPool> queries;  ///< none where the device has no timestamps
        DescriptorSets sets;
        std::vector<Owned<VkBufferView, vkDestroyBufferView>> views;  ///< of buffers that are read as texels
        std::vector<TimedCall> calls;
        Submission* before = nullptr;  ///< what went with it, in front of it
        std::uint64_t ticket = 0;      ///< of its latest submission
    };
    struct Access {
        BufferRange range;
        bool written;
    };

    Submission& recording();
    Submission* close();
    void record(Recording::Copy& copy, const std::function<void()>& calls);
    void start(Submission& submission, Submission* before = nullptr);
    void complete_oldest();
    void collect_times(Submission& submission);
    void forget_order();
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
    bool tells_parts_ = false;
    std::string part_;                             ///< as the names of calls end
    std::vector<Submission> submissions_;          ///< for calls that are recorded once
    std::size_t next_ = 0;                         ///< of these
    Submission* open_ = nullptr;                   ///< the one that is being recorded
    std::vector<Submission>* recorded_ = nullptr;  ///< where a recording's pieces go meanwhile
    std::deque<Submission*> in_flight_;            ///< the oldest first
    std::uint64_t tickets_ = 0;                    ///< number of tickets so far
    double expected_seconds_ = 0;                  ///< of the calls in open_
    bool guessed_ = false;                         ///< a call of unknown duration was recorded
    std::vector<Access> since_barrier_;  ///< also of earlier submissions: a queue runs them in order
    bool order_known_ = true;            ///< since_barrier_ has all that later calls may conflict with
};

}  // namespace shadenet
