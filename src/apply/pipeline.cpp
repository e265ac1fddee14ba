#include "apply/pipeline.h"

#include <chrono>
#include <exception>
#include <new>

#include <fmt/format.h>

#include "apply/bounded_queue.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/threads.h"

namespace shadenet {

namespace {

using Clock = std::chrono::steady_clock;
using PipelineLog = std::function<void(const std::string&)>;

/// A picture on its way between threads. Its destructor gives the memory back.
struct Item {
    const ApplyJob& job;
    MemoryShare memory;
    std::unique_ptr<PictureStages::Loaded> picture;
    PictureOutcome outcome;
    Clock::time_point start;
};
using ItemPointer = std::unique_ptr<Item>;

/// Runs `work`. The message of an exception is the message of the failed picture; "" means success.
template <class Work>
std::string failure_of(const ApplyJob& job, const Work& work) {
    try {
        work();
        return "";
    } catch (const std::bad_alloc&) {
        return fmt::format("{}: the computer has too little free memory for it", job.input.string());
    } catch (const std::exception& error) {
        return error.what();
    }
}

class PicturePipe {
  public:
    PicturePipe(std::span<const ApplyJob> jobs, const PipelineOptions& options, PictureStages& stages,
                const std::atomic<bool>& stop, const OnOutcome& on_outcome, const PipelineLog& log)
        : jobs_(jobs),
          options_(options),
          stages_(stages),
          stop_(stop),
          on_outcome_(on_outcome),
          log_(log),
          memory_(options.memory_bytes),
          loaded_(options.under_way),
          done_(std::max(options.savers, 1u)) {}

    void run() {
        ThreadGroup savers, loaders;
        savers_ = savers.start(options_.savers, [this] {
            while (std::optional<ItemPointer> item = done_.pop()) save(**item);
        });
        loaders_left_ = options_.loaders + 1;  // one is this thread, until all are started
        loaders_ = loaders.start(options_.loaders, [this] {
            while (load_next()) {
            }
            end_loader();
        });
        for (unsigned i = loaders_; i <= options_.loaders; ++i) end_loader();
        say_what_is_missing();
        work_on_all();
        loaders.join();
        done_.close();
        savers.join();
        for (std::size_t i = next_; i < jobs_.size(); ++i) report_undone(jobs_[i]);
    }

  private:
    /// Loads the next picture that can be read; false when there is none.
    bool load_next() {
        while (!stopped()) {
            const std::size_t index = next_++;
            if (index >= jobs_.size()) return false;
            if (load(jobs_[index])) return true;
        }
        return false;
    }

    void end_loader() {
        if (--loaders_left_ == 0) loaded_.close();
    }

    void say_what_is_missing() const {
        const unsigned started = loaders_ + savers_, wanted = options_.loaders + options_.savers;
        if (started == wanted || !log_) return;
        log_(started == 0
                 ? std::string("no thread could be started; pictures are read and written one by one")
                 : fmt::format("{} of {} threads could be started; going on with these", started, wanted));
    }

    /// Loads the picture and queues it for the filter; false after a failure, which is reported.
    bool load(const ApplyJob& job) {
        const Clock::time_point start = Clock::now();
        PictureOutcome outcome{.input = job.input, .output = job.output};
        ItemPointer item;
        const std::string failure = failure_of(job, [&] {
            PictureReader reader = job.read ? std::move(*job.read) : stages_.open(job);
            const PictureFacts& facts = reader.facts();
            outcome.width = facts.width;
            outcome.height = facts.height;
            outcome.input_bytes = facts.file_bytes;
            const std::uint64_t bytes = stages_.memory_needed(job, facts);
            if (bytes > usable_memory_) {
                throw InputError(fmt::format("{}: its {} x {} pixels take {} MiB, and {} are there",
                                             job.input.string(), facts.width, facts.height, bytes >> 20,
                                             usable_memory_ >> 20));
            }
            MemoryShare memory(memory_, bytes);
            auto picture = stages_.load(job, reader);
            memory.keep(stages_.memory_kept(job, facts));
            item = std::make_unique<Item>(
                Item{job, std::move(memory), std::move(picture), std::move(outcome), start});
        });
        if (item == nullptr) {
            fail(outcome, start, failure);
            return false;
        }
        loaded_.push(std::move(item));
        return true;
    }

    void work_on_all() {
        std::deque<ItemPointer> under_way;
        try {
            for (;;) {
                // Without reading threads. No other picture may be under way, because this one might wait for
                // its memory.
                if (loaders_ == 0 && under_way.empty()) load_next();
                // If nothing is under way, there is time to wait for the next picture.
                std::optional<ItemPointer> item = under_way.empty() ? loaded_.pop() : loaded_.try_pop();
                if (!item && under_way.empty()) break;
                bool alone = false;
                if (item) {
                    alone = stages_.works_alone(*(*item)->picture);
                    while (alone && !under_way.empty()) finish_one(under_way);
                    under_way.push_back(std::move(*item));
                    stages_.begin(*under_way.back()->picture);
                }
                if (!item || alone || under_way.size() >= options_.under_way) finish_one(under_way);
            }
        } catch (const std::exception& error) {
            give_up(error.what());
            for (const ItemPointer& item : under_way) fail_undone(*item, error.what());
            under_way.clear();  // a loader may be waiting for their memory
            while (std::optional<ItemPointer> item = loaded_.pop()) fail_undone(**item, error.what());
        }
    }

    void fail_undone(Item& item, const std::string& reason) {
        fail(item.outcome, item.start,
             fmt::format("{}: {}: {}", item.outcome.input.string(), stages_.not_done_word(), reason));
    }

    void finish_one(std::deque<ItemPointer>& under_way) {
        Item& oldest = *under_way.front();
        std::optional<std::string> failure;  // none: it was stopped
        try {
            failure = stages_.finish_next(*oldest.picture);
        } catch (const Stopped&) {
            oldest.outcome.message = "stopped in its midst";
        }
        ItemPointer item = std::move(under_way.front());
        under_way.pop_front();
        if (!failure) {
            report(item->outcome, item->start);
            return;
        }
        if (!failure->empty()) {
            fail_undone(*item, *failure);
            return;
        }
        if (savers_ == 0) {
            save(*item);
        } else {
            done_.push(std::move(item));
        }
    }

    void save(Item& item) {
        bool refused = false;  // the format cannot hold this picture, but may hold the next
        const std::string failure = failure_of(item.job, [&] {
            try {
                stages_.save(item.job, *item.picture, item.outcome);
            } catch (const InputError&) {
                refused = true;
                throw;
            }
        });
        if (failure.empty()) {
            writes_failed_ = 0;
            report(item.outcome, item.start);
            return;
        }
        fail(item.outcome, item.start, failure);
        constexpr unsigned most_failures = 20;
        if (!refused && ++writes_failed_ == most_failures) {
            give_up(fmt::format("not done: {} results in a row could not be written", most_failures));
        }
    }

    void fail(PictureOutcome& outcome, Clock::time_point start, const std::string& message) {
        outcome.status = PictureStatus::failed;
        outcome.message = message;
        report(outcome, start);
    }

    void report(PictureOutcome& outcome, Clock::time_point start) {
        outcome.milliseconds = std::chrono::duration<double, std::milli>(Clock::now() - start).count();
        const std::scoped_lock lock(reporting_);
        on_outcome_(outcome);
    }

    void report_undone(const ApplyJob& job) {
        PictureOutcome outcome{.input = job.input, .output = job.output};
        outcome.message = gave_up_ ? reason_ : "stopped before its turn";
        on_outcome_(outcome);
    }

    void give_up(const std::string& reason) {
        const std::scoped_lock lock(reporting_);
        if (!gave_up_) reason_ = reason;
        gave_up_ = true;
    }

    bool stopped() const { return stop_ || gave_up_; }

    std::span<const ApplyJob> jobs_;
    const PipelineOptions& options_;
    PictureStages& stages_;
    const std::atomic<bool>& stop_;
    const OnOutcome& on_outcome_;
    const PipelineLog& log_;
    unsigned loaders_ = 0, savers_ = 0;  ///< threads; without any, the calling thread does their work
    MemoryBudget memory_;
    const std::uint64_t usable_memory_ = usable_memory();
    BoundedQueue<ItemPointer> loaded_, done_;
    std::atomic<std::size_t> next_ = 0;
    std::atomic<unsigned> loaders_left_ = 0;
    std::atomic<bool> gave_up_ = false;
    std::atomic<unsigned> writes_failed_ = 0;  ///< the number of failed writes in a row
    std::mutex reporting_;
    std::string reason_;  ///< the reason for giving up
};

}  // namespace

PipelineOptions default_pipeline_options(unsigned cores, unsigned processes) {
    cores /= processes;
    // Encoding a PNG takes four times as long as decoding it; a JPEG takes as long. Threads without work cost
    // nothing.
    return {.loaders = std::clamp(cores / 2, 1u, 16u),
            .under_way = 2,
            .savers = std::clamp(cores, 1u, 32u),
            .memory_bytes = default_memory_budget() / processes};
}

void run_pipeline(std::span<const ApplyJob> jobs, const PipelineOptions& options, PictureStages& stages,
                  const std::atomic<bool>& stop, const OnOutcome& on_outcome, const PipelineLog& log) {
    PicturePipe(jobs, options, stages, stop, on_outcome, log).run();
}

}  // namespace shadenet
