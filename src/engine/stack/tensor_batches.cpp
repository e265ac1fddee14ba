#include "engine/stack/tensor_batches.h"

#include <algorithm>
#include <cstddef>
#include <span>
#include <stdexcept>

namespace shadenet {

namespace {

ExampleValues kept_of(const Examples& examples) {
    return examples.whole_levels() ? ExampleValues::levels : ExampleValues::floats;
}

/// The examples, if a batch of them is what the plan compares.
const Examples& checked(const Examples& examples, const StackPlan& plan) {
    const std::optional<Shape> target = plan.target_shape();
    if (!target && !plan.takes_labels()) throw std::invalid_argument("batches for a plan without a loss");
    const auto values_of_one = [](const Shape& shape) { return with_images(shape, 1).values(); };
    if (examples.input_shape().values() != values_of_one(plan.input_shape()) ||
        examples.target_shape().values() != (target ? values_of_one(*target) : 1)) {
        throw std::invalid_argument("examples of another shape than the plan's");
    }
    return examples;
}

/// There is no tensor of none.
Shape room_for(const Shape& one, std::size_t examples) {
    return with_images(one, std::max(1u, static_cast<std::uint32_t>(examples)));
}

/// Hands `upload` what `values(i)` gives of each of these examples, many together, because each upload waits.
template <class Value, class Values, class Upload>
void upload_all(const std::vector<std::uint32_t>& examples, const Values& values, const Upload& upload) {
    constexpr std::size_t together = 1 << 18;
    std::vector<Value> waiting;
    std::uint32_t first = 0;
    for (std::uint32_t place = 0; place < examples.size(); ++place) {
        const auto one = values(examples[place]);
        waiting.insert(waiting.end(), one.begin(), one.end());
        if (waiting.size() < together && place + 1 < examples.size()) continue;
        upload(waiting, first);
        first = place + 1;
        waiting.clear();
    }
}

template <class Values>
void upload_floats(const ExampleTensor& tensor, const std::vector<std::uint32_t>& own, const Values& values) {
    upload_all<float>(own, values,
                      [&](const std::vector<float>& all, std::uint32_t first) { tensor.upload(all, first); });
}

void upload_inputs(const ExampleTensor& tensor, const std::vector<std::uint32_t>& own,
                   const Examples& examples) {
    if (tensor.kept() == ExampleValues::floats || examples.levels(0).empty()) {
        upload_floats(tensor, own, [&](std::uint32_t i) { return examples.input(i); });
        return;
    }
    upload_all<std::uint8_t>(
        own, [&](std::uint32_t i) { return examples.levels(i); },
        [&](const std::vector<std::uint8_t>& all, std::uint32_t first) { tensor.upload_levels(all, first); });
}

}  // namespace

TensorBatches::TensorBatches(const Device& device, const Examples& examples, const StackPlan& plan,
                             const Augmentation* augmentation)
    : own_(plan.shares().own_before(checked(examples, plan).size())),
      input_(device, room_for(plan.input_shape(), own_.size()), kept_of(examples), "inputs",
             examples.level_range()),
      rows_(examples.input_shape().h),
      columns_(examples.input_shape().w),
      numbers_(device, plan.input_shape().n * sizeof(std::uint32_t), "numbers of examples"),
      batch_labels_(device, plan.input_shape().n * sizeof(std::uint32_t), "labels") {
    if (augmentation != nullptr) {
        require_pad(augmentation->pad, examples.input_shape());
        augmentation_ = *augmentation;
        moves_.emplace(device, plan.input_shape().n * sizeof(std::uint32_t), "moves of examples");
    }
    upload_inputs(input_, own_, examples);
    if (plan.target_shape()) {
        target_.emplace(device, room_for(*plan.target_shape(), own_.size()), kept_of(examples), "targets");
        upload_floats(*target_, own_, [&](std::uint32_t i) { return examples.target(i); });
        return;
    }
    for (std::uint32_t i = 0; i < examples.size(); ++i) {
        labels_.push_back(static_cast<std::uint32_t>(examples.target(i).front()));
    }
}

void TensorBatches::choose(Recorder& recorder, std::uint32_t step) {
    const std::vector<std::uint32_t>& examples = batches_[step];
    chosen_ = static_cast<std::uint32_t>(examples.size());
    if (chosen_ == 0) return;
    const std::uint64_t bytes = chosen_ * sizeof(std::uint32_t);
    const std::vector<std::uint32_t> places = places_in(own_, examples);
    recorder.write(numbers_.range(0, bytes), std::as_bytes(std::span(places)));
    if (augmentation_) {
        std::vector<std::uint32_t> words;
        for (const std::uint32_t example : examples)
            words.push_back(word_of(augmentation_->of(pass_, example)));
        recorder.write(moves_->range(0, bytes), std::as_bytes(std::span(words)));
    }
    if (target_) return;
    std::vector<std::uint32_t> labels;
    for (const std::uint32_t example : examples) labels.push_back(labels_[example]);
    recorder.write(batch_labels_.range(0, bytes), std::as_bytes(std::span(labels)));
}

Batch TensorBatches::gather(Recorder&) {
    Batch batch{.input = input_.chosen(chosen_, numbers_.whole())};
    if (moves_) {
        batch.input.moves = moves_->whole();
        batch.input.rows = rows_;
        batch.input.columns = columns_;
    }
    if (target_) {
        batch.target = target_->chosen(chosen_, numbers_.whole());
    } else {
        batch.labels = batch_labels_.range(0, chosen_ * sizeof(std::uint32_t));
    }
    return batch;
}

}  // namespace shadenet
