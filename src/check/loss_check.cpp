#include <algorithm>
#include <memory>
#include <span>

#include <fmt/format.h>

#include "base/words.h"
#include "check/beyond_channels.h"
#include "check/end_cases.h"
#include "check/harness.h"
#include "check/packed_data.h"
#include "engine/learning/loss.h"
#include "model/random.h"
#include "reference/loss.h"

namespace shadenet::check {

namespace {

constexpr float kept_value = 0.25f;  // of the rows beside losses, before and after

/// The difference of two logits is rounded, and that is the error of its exponential: 5e-7 where it is below
/// 16, and 4e-6 where it is 87, beyond which exponentials are 0. The reference leaves 1e-12 of logits of
/// 10,000.
Tolerance tolerance_of(Logits logits) {
    return {"cross-entropy", tolerance::any_nmse, 1e-11, logits == Logits::ugly ? 5e-6 : 1e-6, 0};
}

/// Rows for `count` losses from `row` on, or of right answers, and one more.
GuardedTensor kept_rows(const Device& device, std::uint32_t row, std::uint32_t count, const char* name) {
    const Shape rows{1, 1, 1, row + count + 1};
    return {device, rows, name, std::vector<float>(rows.values(), kept_value)};
}

std::vector<double> expected_rows(const GuardedTensor& rows, std::uint32_t row,
                                  const std::vector<double>& values) {
    std::vector<double> expected(rows.shape().values(), static_cast<double>(kept_value));
    std::copy(values.begin(), values.end(), expected.begin() + row);
    return expected;
}

struct LossTensors {
    const GuardedPacked result, dresult;
    const GuardedTensor losses, correct, each_loss, each_correct, last_loss, last_correct;

    LossTensors(const Device& device, const Shape& shape, std::uint32_t row, std::span<const float> values)
        : result(device, shape, "result", values),
          dresult(device, shape, "dresult"),
          losses(kept_rows(device, row, 1, "losses")),
          correct(kept_rows(device, row, 1, "correct")),
          each_loss(kept_rows(device, row, shape.n, "each loss")),
          each_correct(kept_rows(device, row, shape.n, "each correct")),
          last_loss(kept_rows(device, 0, 1, "last loss")),
          last_correct(kept_rows(device, 0, 1, "last correct")) {}
};

LossRows rows_of(const GuardedTensor& losses, std::uint32_t row, const GuardedTensor& correct,
                 bool with_correct) {
    return {losses.first_image(), row, with_correct ? correct.first_image() : BufferRange{}};
}

/// Runs the batch, each of its examples, and its last example alone.
void run_loss(const Device& device, const LossKind& kind, const LossTensors& tensors, std::uint32_t row,
              bool correct, const LossTarget& target, const PackedView& last, const LossTarget& last_target) {
    const PackedView result = tensors.result.view();
    const std::unique_ptr<Loss> loss = kind.make(device, result.shape);
    Recorder recorder(device);
    loss->step(recorder, result, target, tensors.dresult.view(),
               rows_of(tensors.losses, row, tensors.correct, correct));
    loss->each(recorder, result, target, rows_of(tensors.each_loss, row, tensors.each_correct, correct));
    loss->each(recorder, last, last_target, rows_of(tensors.last_loss, 0, tensors.last_correct, correct));
    recorder.finish();
}

void add_loss(Report& report, const std::string& kernel, const LossTensors& tensors, std::uint32_t row,
              const reference::Loss& expected, const Tolerance& of_loss, const Tolerance& of_gradient) {
    report.add(kernel,
               compare("loss", tensors.losses.download(), expected_rows(tensors.losses, row, {expected.loss}),
                       tensors.losses.shape(), of_loss));
    report.add(kernel, compare("dresult", tensors.dresult.download(), expected.dout.values,
                               tensors.dresult.shape(), of_gradient));
    add_zeros_beyond(report, kernel, tensors.dresult);
    const std::vector<float> each = tensors.each_loss.download();
    report.add(kernel, compare("each loss", each, expected_rows(tensors.each_loss, row, expected.examples),
                               tensors.each_loss.shape(), of_loss));
    const double last = static_cast<double>(each[each.size() - 2]);
    report.add(kernel,
               compare("last loss", tensors.last_loss.download(), expected_rows(tensors.last_loss, 0, {last}),
                       tensors.last_loss.shape(), tolerance::exact));
    add_damage(report, kernel, {&tensors.result, &tensors.dresult});
    add_damage(report, kernel,
               {&tensors.losses, &tensors.correct, &tensors.each_loss, &tensors.each_correct,
                &tensors.last_loss, &tensors.last_correct});
}

/// Without right answers their rows keep their values.
void add_correct(Report& report, const CrossEntropyCase& one, const LossTensors& tensors,
                 const reference::Loss& expected, const std::vector<double>& each) {
    const std::vector<double> all = {static_cast<double>(expected.correct)};
    const std::vector<double> none;
    report.add("cross-entropy", compare("correct", tensors.correct.download(),
                                        expected_rows(tensors.correct, one.row, one.correct ? all : none),
                                        tensors.correct.shape(), tolerance::exact));
    report.add("cross-entropy",
               compare("each correct", tensors.each_correct.download(),
                       expected_rows(tensors.each_correct, one.row, one.correct ? each : none),
                       tensors.each_correct.shape(), tolerance::exact));
    report.add("cross-entropy", compare("last correct", tensors.last_correct.download(),
                                        expected_rows(tensors.last_correct, 0,
                                                      one.correct ? std::vector<double>{each.back()} : none),
                                        tensors.last_correct.shape(), tolerance::exact));
}

std::vector<float> random_logits(const CrossEntropyCase& one, const reference::Labels& labels,
                                 std::mt19937_64& random) {
    const std::size_t count = std::size_t{one.images} * one.classes;
    const bool ugly = one.logits == Logits::ugly;
    std::vector<float> logits = random_values(count, ugly ? Data::ugly : Data::normal, random);
    for (std::size_t i = 0; i < count; ++i) {
        const std::size_t image = i / one.classes;
        if (one.logits == Logits::huge) logits[i] = logits[i] < 0 ? -1e4f : 1e4f;
        if (one.logits == Logits::equal) logits[i] = 0.5f * static_cast<float>(image) - 40;
        const bool is_label = i % one.classes == labels[image];
        if (one.logits == Logits::confident && is_label && image % 2 == 0) logits[i] += 12;
    }
    return logits;
}

}  // namespace

std::string to_string(Logits logits) {
    return words_of<Logits>("normal logits", "ugly logits", "confident logits", "huge logits",
                            "equal logits")[logits];
}

std::vector<Comparison> check_squared_error(const Device& device, const SquaredErrorCase& one) {
    std::mt19937_64 random = random_stream(one.seed, 0);
    const std::vector<float> values = random_values(one.result.values(), one.data, random);
    const std::vector<float> target_values = random_values(one.result.values(), one.data, random);
    const Shape alone = with_images(one.result, 1);
    const LossTensors tensors(device, one.result, one.row, values);
    // Beyond the last channel it has other values than the result, which must not be taken for an error.
    const PackedTensor target(device, one.result, "target");
    target.view().upload(target_values);
    const GuardedPacked last(device, alone, "last", std::span(values).last(alone.values()));
    const GuardedPacked last_target(device, alone, "last target",
                                    std::span(target_values).last(alone.values()));
    run_loss(device, mean_squared_error, tensors, one.row, false, {.values = target.view()}, last.view(),
             {.values = last_target.view()});

    const auto expected =
        reference::mean_squared_error(reference::tensor_from_floats(one.result, values),
                                      reference::tensor_from_floats(one.result, target_values));
    Report report(fmt::format("{}, row {}, {}", to_string(one.result), one.row, to_string(one.data)),
                  one.seed);
    add_loss(report, "squared error", tensors, one.row, expected, tolerance::loss, tolerance::forward);
    add_damage(report, "squared error", {&last, &last_target});
    return report.take();
}

std::vector<Comparison> check_cross_entropy(const Device& device, const CrossEntropyCase& one) {
    std::mt19937_64 random = random_stream(one.seed, 0);
    const Shape shape{one.images, one.classes, 1, 1}, alone = with_images(shape, 1);
    reference::Labels labels;
    for (std::uint32_t i = 0; i < one.images; ++i) {
        labels.push_back(static_cast<std::uint32_t>(random() >> 32U) % one.classes);
    }
    const std::vector<float> values = random_logits(one, labels, random);
    const LossTensors tensors(device, shape, one.row, values);
    const GuardedPacked last(device, alone, "last", std::span(values).last(alone.values()));
    const Buffer given(device, labels.size() * sizeof(std::uint32_t), "labels");
    const Buffer last_given(device, sizeof(std::uint32_t), "last label");
    given.upload(std::span<const std::uint32_t>(labels));
    last_given.upload(std::span<const std::uint32_t>(&labels.back(), 1));
    run_loss(device, cross_entropy, tensors, one.row, one.correct, {.labels = given.whole()}, last.view(),
             {.labels = last_given.whole()});

    const auto expected = reference::cross_entropy(reference::tensor_from_floats(shape, values), labels);
    std::vector<double> each_correct;
    for (std::uint32_t i = 0; i < one.images; ++i) {
        const auto logits = std::span(values).subspan(std::size_t{i} * one.classes, one.classes);
        const auto example =
            reference::cross_entropy(reference::tensor_from_floats(alone, logits), {labels[i]});
        each_correct.push_back(static_cast<double>(example.correct));
    }
    Report report(fmt::format("{}, row {}, {}", to_string(shape), one.row, to_string(one.logits)), one.seed);
    add_loss(report, "cross-entropy", tensors, one.row, expected, tolerance_of(one.logits),
             tolerance_of(one.logits));
    add_correct(report, one, tensors, expected, each_correct);
    add_damage(report, "cross-entropy", {&last});
    return report.take();
}

}  // namespace shadenet::check
