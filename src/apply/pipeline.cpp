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

/// A picture on its way between threads. Its destructor gives the memory back.
struct Item {
    MemoryShare memory;
    FilePicture picture;
    PictureOutcome outcome;
    Clock::time_point start;
};
using ItemPointer = std::unique_ptr<Item>;

/// The colour space and the resolution stay, because they belong to the picture; the rest tells how it was
/// made.
void strip(Metadata& metadata) {
    metadata.exif.clear();
    metadata.iptc.clear();
    metadata.xmp.clear();
    metadata.xmp_extensions.clear();
    metadata.texts.clear();
    metadata.had_thumbnail = metadata.had_more_pictures = false;
}

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
    PicturePipe(std::span<const ApplyJob> jobs, const PipelineOptions& options, CarefulFilter& filter,
                const std::atomic<bool>& stop, const OnOutcome& on_outcome, const CarefulFilter::Log& log)
        : jobs_(jobs),
          options_(options),
          filter_(filter),
          stop_(stop),
          on_outcome_(on_outcome),
          log_(log),
          memory_(options.memory_bytes),
          loaded_(options.under_way),
          filtered_(std::max(options.savers, 1u)) {}

    void run() {
        ThreadGroup savers, loaders;
        savers_ = savers.start(options_.savers, [this] {
            while (std::optional<ItemPointer> item = filtered_.pop()) save(**item);
        });
        loaders_left_ = options_.loaders + 1;  // one is this thread, until all are started
        loaders_ = loaders.start(options_.loaders, [this] {
            while (load_next()) {
            }
            end_loader();
        });
        for (unsigned i = loaders_; i <= options_.loaders; ++i) end_loader();
        say_what_is_missing();
        filter_all();
        loaders.join();
        filtered_.close();
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
            PictureReader reader(job.input);
            const PictureFacts& facts = reader.facts();
            outcome.width = facts.width;
            outcome.height = facts.height;
            outcome.input_bytes = facts.file_bytes;
            const std::uint64_t bytes = memory_needed(facts);
            if (bytes > usable_memory_) {
                throw InputError(fmt::format("{}: its {} x {} pixels take {} MiB, and {} are there",
                                             job.input.string(), facts.width, facts.height, bytes >> 20,
                                             usable_memory_ >> 20));
            }
            MemoryShare memory(memory_, bytes);
            item =
                std::make_unique<Item>(Item{std::move(memory), reader.decode(), std::move(outcome), start});
        });
        if (item == nullptr) {
            fail(outcome, start, failure);
            return false;
        }
        loaded_.push(std::move(item));
        return true;
    }

    void filter_all() {
        std::deque<ItemPointer> under_way;
        try {
            for (;;) {
                // Without reading threads. No other picture may be under way, because this one might wait for
                // its memory.
                if (loaders_ == 0 && under_way.empty()) load_next();
                // If nothing is under way, there is time to wait for the next picture.
                std::optional<ItemPointer> item = under_way.empty() ? loaded_.pop() : loaded_.try_pop();
                if (!item && under_way.empty()) break;
                if (item) {
                    under_way.push_back(std::move(*item));
                    filter_.begin(under_way.back()->picture.colour);
                }
                if (!item || under_way.size() >= options_.under_way) finish_one(under_way);
            }
        } catch (const std::exception& error) {
            give_up(error.what());
            for (const ItemPointer& item : under_way) fail_unfiltered(*item, error.what());
            under_way.clear();  // a loader may be waiting for their memory
            while (std::optional<ItemPointer> item = loaded_.pop()) fail_unfiltered(**item, error.what());
        }
    }

    void fail_unfiltered(Item& item, const std::string& reason) {
        fail(item.outcome, item.start,
             fmt::format("{}: not written: {}", item.outcome.input.string(), reason));
    }

    void finish_one(std::deque<ItemPointer>& under_way) {
        CarefulFilter::Finished finished = filter_.finish_next();
        ItemPointer item = std::move(under_way.front());
        under_way.pop_front();
        if (!finished.failure.empty()) {
            fail_unfiltered(*item, finished.failure);
            return;
        }
        item->picture.colour = std::move(finished.output);
        if (savers_ == 0) {
            save(*item);
        } else {
            filtered_.push(std::move(item));
        }
    }

    void write(const ApplyJob& job, Item& item) const {
        if (options_.strip_metadata) strip(item.picture.metadata);
        std::vector<std::string> notes = give_colours(item.picture, options_.colours);
        const Written written = write_picture(job.output, item.picture,
                                              {.format = result_format(job),
                                               .jpeg_quality = options_.jpeg_quality,
                                               .keep_palette = options_.keep_palette});
        item.outcome.output_bytes = written.bytes;
        notes.insert(notes.end(), written.notes.begin(), written.notes.end());
        item.outcome.notes = std::move(notes);
    }

    void save(Item& item) {
        const ApplyJob job{item.outcome.input, item.outcome.output};
        bool refused = false;  // the format cannot hold this picture, but may hold the next
        const std::string failure = failure_of(job, [&] {
            try {
                write(job, item);
            } catch (const InputError&) {
                refused = true;
                throw;
            }
        });
        if (failure.empty()) {
            writes_failed_ = 0;
            item.outcome.status = PictureStatus::written;
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
    CarefulFilter& filter_;
    const std::atomic<bool>& stop_;
    const OnOutcome& on_outcome_;
    const CarefulFilter::Log& log_;
    unsigned loaders_ = 0, savers_ = 0;  ///< threads; without any, the calling thread does their work
    MemoryBudget memory_;
    const std::uint64_t usable_memory_ = usable_memory();
    BoundedQueue<ItemPointer> loaded_, filtered_;
    std::atomic<std::size_t> next_ = 0;
    std::atomic<unsigned> loaders_left_ = 0;
    std::atomic<bool> gave_up_ = false;
    std::atomic<unsigned> writes_failed_ = 0;  ///< the number of failed writes in a row
    std::mutex reporting_;
    std::string reason_;  ///< the reason for giving up
};

}  // namespace

PipelineOptions default_pipeline_options(unsigned cores) {
    // Encoding a PNG takes four times as long as decoding it; a JPEG takes as long. Threads without work cost
    // nothing.
    return {.loaders = std::clamp(cores / 2, 1u, 16u),
            .under_way = 2,
            .savers = std::clamp(cores, 1u, 32u),
            .memory_bytes = default_memory_budget()};
}

std::uint64_t memory_needed(const PictureFacts& facts) {
    const std::uint64_t pixels = std::uint64_t{facts.width} * facts.height;
    std::uint64_t each = 2 * 3 * (facts.sixteen_bit ? 2 : 1);  // colours before and after the filter
    if (facts.alpha) each += 2;
    if (facts.progressive) each += 6;  // all coefficients, for decoding and again for encoding
    // Reducing a palette counts colours, of which there can be as many as pixels.
    const std::uint64_t most_colours = std::uint64_t{1} << 24, colour_bytes = 72;
    const std::uint64_t palette = facts.palette ? colour_bytes * std::min(pixels, most_colours) : 0;
    return facts.file_bytes + pixels * each + palette;
}

void run_pipeline(std::span<const ApplyJob> jobs, const PipelineOptions& options, CarefulFilter& filter,
                  const std::atomic<bool>& stop, const OnOutcome& on_outcome, const CarefulFilter::Log& log) {
    PicturePipe(jobs, options, filter, stop, on_outcome, log).run();
}

}  // namespace shadenet
