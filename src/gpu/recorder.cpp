#include "gpu/recorder.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>

#include "base/error.h"

namespace shadenet {

namespace {

constexpr std::uint32_t max_calls = 512;  // a submission has two timestamps for each call
constexpr std::uint32_t queries_per_reset = 64;
constexpr std::uint32_t sets_per_pool = 64;
constexpr std::uint32_t buffers_per_set = 8;

bool overlap(const BufferRange& a, const BufferRange& b) {
    return a.buffer == b.buffer && a.offset < b.offset + b.size && b.offset < a.offset + a.size;
}

}  // namespace

void dispatch(Recorder& recorder, const AnyKernel& kernel, std::span<const Binding> bindings,
              std::span<const std::byte> push, Threads threads) {
    recorder.dispatch(kernel, bindings, push, threads);
}

Recorder::Submission::Submission(const Device& device)
    : commands(device),
      sets(device, sets_per_pool,
           {{VK_DESCRIPTOR_TYPE_STORAGE_BUFFER, sets_per_pool * buffers_per_set},
            {VK_DESCRIPTOR_TYPE_UNIFORM_TEXEL_BUFFER, sets_per_pool * buffers_per_set}}) {
    if (device.info().timestamp_period <= 0) return;
    VkQueryPoolCreateInfo info{VK_STRUCTURE_TYPE_QUERY_POOL_CREATE_INFO};
    info.queryType = VK_QUERY_TYPE_TIMESTAMP;
    info.queryCount = 2 * max_calls;
    queries = {device, vkCreateQueryPool, info, "vkCreateQueryPool"};
}

Recorder::Recorder(const Device& device, std::size_t submissions) : device_(device) {
    for (std::size_t i = 0; i < std::max<std::size_t>(submissions, 1); ++i) submissions_.emplace_back(device);
}

Recorder::~Recorder() {
    for (const Submission* submission : in_flight_) submission->commands.wait_at_end();
}

Recorder::Submission& Recorder::recording() {
    if (open_ != nullptr) return *open_;
    Submission& submission = recorded_ != nullptr ? recorded_->emplace_back(device_) : submissions_[next_];
    if (recorded_ == nullptr) {
        wait(submission.ticket);
        next_ = (next_ + 1) % submissions_.size();
    }
    submission.commands.begin(recorded_ != nullptr ? Commands::Use::again : Commands::Use::once);
    submission.sets.free_all();
    submission.views.clear();
    submission.calls.clear();
    // Frames and other Recorders use the same queue, and since_barrier_ does not have their accesses.
    if (device_.for_window() || !order_known_) {
        order_after_everything(submission.commands.handle(), VK_PIPELINE_STAGE_ALL_COMMANDS_BIT);
        order_known_ = true;
    }
    open_ = &submission;
    return submission;
}

void Recorder::dispatch(const AnyKernel& kernel, std::span<const Binding> bindings,
                        std::span<const std::byte> push, Threads threads) {
    const std::vector<BufferRange> ranges = in_shader_order(kernel, bindings);
    const auto& local = kernel.reflection().local_size;
    const std::uint64_t wanted[3] = {threads.x, threads.y, threads.z};
    std::uint32_t groups[3];
    for (int i = 0; i < 3; ++i) {
        const std::uint64_t count = (wanted[i] + local[i] - 1) / local[i];
        if (count > device_.info().max_group_count[i]) {
            throw InputError(
                fmt::format("{}: {} needs {} workgroups at once, and the device runs {}; use a smaller "
                            "--tile (apply), --batch or --size (train)",
                            device_.info().name, kernel.name(), count, device_.info().max_group_count[i]));
        }
        groups[i] = static_cast<std::uint32_t>(count);
    }
    if (groups[0] == 0 || groups[1] == 0 || groups[2] == 0) return;

    const double thread_count =
        static_cast<double>(threads.x) * static_cast<double>(threads.y) * static_cast<double>(threads.z);
    const std::string name = kernel.name() + part_;
    make_room_for(name, thread_count);
    Submission& submission = recording();
    const VkCommandBuffer commands = submission.commands.handle();
    std::vector<Access> accesses;
    for (std::size_t i = 0; i < ranges.size(); ++i) {
        accesses.push_back({ranges[i], kernel.reflection().bindings[i].written});
    }
    order_after_conflicts(commands, accesses);
    const VkDescriptorSet set = bind(submission, kernel, ranges);
    vkCmdBindPipeline(commands, VK_PIPELINE_BIND_POINT_COMPUTE, kernel.pipeline());
    vkCmdBindDescriptorSets(commands, VK_PIPELINE_BIND_POINT_COMPUTE, kernel.layout().handle, 0, 1, &set, 0,
                            nullptr);
    vkCmdPushConstants(commands, kernel.layout().handle, VK_SHADER_STAGE_COMPUTE_BIT, 0,
                       static_cast<std::uint32_t>(push.size()), push.data());
    const auto query = static_cast<std::uint32_t>(2 * submission.calls.size());
    const bool timed = submission.queries != VK_NULL_HANDLE;
    if (timed && query % queries_per_reset == 0) {
        vkCmdResetQueryPool(commands, submission.queries, query, queries_per_reset);
    }
    if (timed) vkCmdWriteTimestamp(commands, VK_PIPELINE_STAGE_BOTTOM_OF_PIPE_BIT, submission.queries, query);
    vkCmdDispatch(commands, groups[0], groups[1], groups[2]);
    if (timed)
        vkCmdWriteTimestamp(commands, VK_PIPELINE_STAGE_BOTTOM_OF_PIPE_BIT, submission.queries, query + 1);
    double bytes = 0;
    for (std::size_t i = 0; i < ranges.size(); ++i) {
        const bool twin = kernel.reflection().bindings[i].kind == BindingKind::quad_texels;
        if (!twin) bytes += static_cast<double>(ranges[i].size);
    }
    submission.calls.push_back({name, thread_count, bytes});
}

void Recorder::make_room_for(const std::string& kernel, double threads) {
    // A kernel that was never timed gets a submission of its own, because its duration is unknown. So does
    // every kernel on a software device that also draws: lavapipe then takes kernels' timestamps when it has
    // drawn, so they are useless.
    const bool timed = !(device_.for_window() && device_.info().kind == DeviceKind::software);
    const double expected = timed ? profiler_.expected(kernel, threads) : -1;
    const double seconds = expected < 0 ? submission_seconds() : expected;
    if (timed && expected < 0 && device_.info().timestamp_period > 0) guessed_ = true;
    if (expected_seconds_ > 0 && expected_seconds_ + seconds > submission_seconds()) submit();
    if (open_ != nullptr && open_->calls.size() == max_calls) submit();
    expected_seconds_ += seconds;
}

void Recorder::copy(const BufferRange& from, const BufferRange& to) {
    const VkCommandBuffer commands = recording().commands.handle();
    const Access accesses[] = {{from, false}, {to, true}};
    order_after_conflicts(commands, accesses);
    const VkBufferCopy region{from.offset, to.offset, to.size};
    vkCmdCopyBuffer(commands, from.buffer->handle(), to.buffer->handle(), 1, &region);
}

void Recorder::write(const BufferRange& range, std::span<const std::byte> bytes) {
    constexpr std::size_t most = 65536;  // of one command
    const VkCommandBuffer commands = recording().commands.handle();
    const Access accesses[] = {{range, true}};
    order_after_conflicts(commands, accesses);
    for (std::size_t done = 0; done < bytes.size(); done += most) {
        vkCmdUpdateBuffer(commands, range.buffer->handle(), range.offset + done,
                          std::min(most, bytes.size() - done), bytes.data() + done);
    }
}

void Recorder::fill(const BufferRange& range, std::uint32_t word) {
    const VkCommandBuffer commands = recording().commands.handle();
    const Access accesses[] = {{range, true}};
    order_after_conflicts(commands, accesses);
    vkCmdFillBuffer(commands, range.buffer->handle(), range.offset, range.size, word);
}

/// Ends what is being recorded; null if nothing is.
Recorder::Submission* Recorder::close() {
    Submission* const closed = std::exchange(open_, nullptr);
    if (closed == nullptr) return nullptr;
    expected_seconds_ = 0;
    // Makes what the device wrote readable for the host once the fence is signalled.
    order(closed->commands.handle(), computed, {VK_PIPELINE_STAGE_HOST_BIT, VK_ACCESS_HOST_READ_BIT});
    closed->commands.end();
    return closed;
}

std::uint64_t Recorder::submit() {
    Submission* const closed = close();
    if (closed != nullptr && recorded_ == nullptr) start(*closed);
    return tickets_;
}

/// What is recorded next comes after calls that are not in since_barrier_.
void Recorder::forget_order() {
    since_barrier_.clear();
    order_known_ = false;
}

std::uint64_t Recorder::repeat(Recording& recording, const std::function<void()>& calls) {
    recording.copies_.resize(submissions_.size());
    Recording::Copy& copy = recording.copies_[recording.next_++ % submissions_.size()];
    wait(copy.pieces.empty() ? 0 : copy.pieces.back().ticket);
    if (!copy.settled) {
        submit();
        record(copy, calls);
    }
    Submission* before = close();
    for (Submission& piece : copy.pieces) start(piece, std::exchange(before, nullptr));
    if (before != nullptr) start(*before);
    forget_order();
    return tickets_;
}

void Recorder::record(Recording::Copy& copy, const std::function<void()>& calls) {
    copy.pieces.clear();
    forget_order();
    guessed_ = false;
    recorded_ = &copy.pieces;
    try {
        calls();
        close();
    } catch (...) {
        open_ = nullptr;
        recorded_ = nullptr;
        expected_seconds_ = 0;
        forget_order();
        throw;
    }
    recorded_ = nullptr;
    copy.settled = !guessed_;
}

void Recorder::start(Submission& submission, Submission* before) {
    while (in_flight_.size() >= submissions_.size()) complete_oldest();
    submission.commands.submit({VK_STRUCTURE_TYPE_SUBMIT_INFO},
                               before != nullptr ? &before->commands : nullptr);
    submission.ticket = ++tickets_;
    submission.before = before;
    if (before != nullptr) before->ticket = submission.ticket;
    in_flight_.push_back(&submission);
}

void Recorder::finish() {
    wait(submit());
}

void Recorder::wait(std::uint64_t ticket) {
    if (recorded_ != nullptr) throw std::logic_error("a recording cannot wait for the device");
    while (!in_flight_.empty() && in_flight_.front()->ticket <= ticket) complete_oldest();
}

void Recorder::complete_oldest() {
    Submission& oldest = *in_flight_.front();
    oldest.commands.wait();
    in_flight_.pop_front();
    if (oldest.before != nullptr) collect_times(*oldest.before);
    collect_times(oldest);
}

void Recorder::collect_times(Submission& submission) {
    if (submission.queries == VK_NULL_HANDLE || submission.calls.empty()) return;
    std::vector<std::uint64_t> ticks(2 * submission.calls.size());
    device_.require(vkGetQueryPoolResults(device_.handle(), submission.queries, 0,
                                          static_cast<std::uint32_t>(ticks.size()),
                                          ticks.size() * sizeof ticks[0], ticks.data(), sizeof ticks[0],
                                          VK_QUERY_RESULT_64_BIT | VK_QUERY_RESULT_WAIT_BIT),
                    "vkGetQueryPoolResults");
    for (std::size_t i = 0; i < submission.calls.size(); ++i) {
        if (ticks[2 * i + 1] < ticks[2 * i]) continue;  // the device's clock has wrapped around
        const double seconds =
            static_cast<double>(ticks[2 * i + 1] - ticks[2 * i]) * device_.info().timestamp_period * 1e-9;
        TimedCall& call = submission.calls[i];
        if (call.time == nullptr) call.time = &profiler_.of(call.kernel);
        call.time->add(seconds, call.threads, call.bytes);
    }
}

std::vector<BufferRange> Recorder::in_shader_order(const AnyKernel& kernel,
                                                   std::span<const Binding> bindings) const {
    const auto& known = kernel.reflection().bindings;
    std::vector<BufferRange> ranges(known.size());
    for (const Binding& binding : bindings) {
        const auto found = std::find_if(known.begin(), known.end(),
                                        [&](const auto& one) { return one.name == binding.name; });
        if (found == known.end()) {
            throw WorkError(fmt::format("{}: has no buffer named {}", kernel.name(), binding.name));
        }
        ranges[found->binding] = binding.range;
    }
    for (const ReflectedBinding& quads : known) {
        if (quads.kind != BindingKind::quad_texels) continue;
        const auto block = std::find_if(known.begin(), known.end(), [&](const auto& one) {
            return one.name + quads_suffix == quads.name;
        });
        if (block != known.end()) ranges[quads.binding] = as_quads(ranges[block->binding]);
    }
    for (const ReflectedBinding& one : known) {
        if (ranges[one.binding].buffer == nullptr)
            throw WorkError(fmt::format("{}: {} was not given", kernel.name(), one.name));
        check_range(kernel, one, ranges[one.binding]);
    }
    return ranges;
}

/// What a texel buffer can show of a block. A kernel that is given more reads the block itself.
BufferRange Recorder::as_quads(const BufferRange& range) const {
    BufferRange quads = range;
    if (range.size > device_.info().max_texels * quad_bytes) quads.size = quad_bytes;
    return quads;
}

void Recorder::check_range(const AnyKernel& kernel, const ReflectedBinding& binding,
                           const BufferRange& range) const {
    const std::uint64_t texel = binding.kind == BindingKind::quad_texels ? quad_bytes : sizeof(std::uint32_t);
    const std::uint64_t most = binding.kind == BindingKind::storage ? device_.info().max_storage_range
                                                                    : device_.info().max_texels * texel;
    if (range.size == 0 || range.offset % range_alignment != 0 ||
        range.offset + range.size > range.buffer->bytes() || range.size > most) {
        throw WorkError(fmt::format(
            "{}: {} cannot be bound at bytes {}+{} of {}, which has {}; the device binds up to {}",
            kernel.name(), binding.name, range.offset, range.size, range.buffer->name(),
            range.buffer->bytes(), most));
    }
}

void Recorder::order_after_conflicts(VkCommandBuffer commands, std::span<const Access> accesses) {
    const auto conflicts = [&](const Access& now) {
        return std::any_of(since_barrier_.begin(), since_barrier_.end(), [&](const Access& before) {
            return (now.written || before.written) && overlap(now.range, before.range);
        });
    };
    if (std::any_of(accesses.begin(), accesses.end(), conflicts)) {
        order(commands, computed,
              {kernels_and_copies, VK_ACCESS_SHADER_READ_BIT | VK_ACCESS_SHADER_WRITE_BIT |
                                       VK_ACCESS_TRANSFER_READ_BIT | VK_ACCESS_TRANSFER_WRITE_BIT});
        since_barrier_.clear();
    }
    since_barrier_.insert(since_barrier_.end(), accesses.begin(), accesses.end());
}

VkDescriptorSet Recorder::bind(Submission& submission, const AnyKernel& kernel,
                               std::span<const BufferRange> ranges) {
    const VkDescriptorSet set = submission.sets.allocate(kernel.layout().set);
    std::vector<VkDescriptorBufferInfo> infos(ranges.size());
    std::vector<VkBufferView> views(ranges.size());
    std::vector<VkWriteDescriptorSet> writes;
    for (std::size_t i = 0; i < ranges.size(); ++i) {
        const BindingKind kind = kernel.reflection().bindings[i].kind;
        VkWriteDescriptorSet write{VK_STRUCTURE_TYPE_WRITE_DESCRIPTOR_SET};
        write.dstSet = set;
        write.dstBinding = static_cast<std::uint32_t>(i);
        write.descriptorCount = 1;
        if (kind == BindingKind::storage) {
            infos[i] = {ranges[i].buffer->handle(), ranges[i].offset, ranges[i].size};
            write.descriptorType = VK_DESCRIPTOR_TYPE_STORAGE_BUFFER;
            write.pBufferInfo = &infos[i];
        } else {
            views[i] = view(submission, ranges[i], kind);
            write.descriptorType = VK_DESCRIPTOR_TYPE_UNIFORM_TEXEL_BUFFER;
            write.pTexelBufferView = &views[i];
        }
        writes.push_back(write);
    }
    vkUpdateDescriptorSets(device_.handle(), static_cast<std::uint32_t>(writes.size()), writes.data(), 0,
                           nullptr);
    return set;
}

VkBufferView Recorder::view(Submission& submission, const BufferRange& range, BindingKind kind) {
    VkBufferViewCreateInfo info{VK_STRUCTURE_TYPE_BUFFER_VIEW_CREATE_INFO};
    info.buffer = range.buffer->handle();
    // Every device reads buffers of these formats: Vulkan requires it.
    info.format = kind == BindingKind::quad_texels    ? VK_FORMAT_R32G32B32A32_SFLOAT
                  : kind == BindingKind::float_texels ? VK_FORMAT_R32_SFLOAT
                                                      : VK_FORMAT_R32_UINT;
    info.offset = range.offset;
    info.range = range.size;
    return submission.views.emplace_back(device_, vkCreateBufferView, info, "vkCreateBufferView");
}

}  // namespace shadenet
