#include "task/test_part.h"

#include <algorithm>
#include <numeric>
#include <optional>
#include <span>

#include "engine/learning/loss.h"
#include "engine/stack/evaluator.h"
#include "group/text_fields.h"
#include "model/answer.h"

namespace shadenet {

namespace {

/// Those before `last`, from `first` on.
LabelledPictures between(const LabelledPictures& all, std::uint32_t first, std::uint32_t last) {
    LabelledPictures some{.shape = all.shape};
    for (std::uint32_t i = first; i < last; ++i) {
        const std::span<const std::uint8_t> levels = all.picture(i);
        some.levels.insert(some.levels.end(), levels.begin(), levels.end());
        some.labels.push_back(all.labels[i]);
        some.names.push_back(all.names[i]);
    }
    return some;
}

/// Fills in the table and the worst mistakes.
void count_answers(TestResults& results, const LabelledExamples& examples,
                   std::span<const float> all_logits) {
    const std::size_t classes = results.classes.size();
    results.counts.assign(classes * classes, 0);
    for (std::uint32_t i = 0; i < examples.size(); ++i) {
        const std::uint32_t label = examples.label(i);
        const std::span<const float> logits = all_logits.subspan(i * classes, classes);
        const Answer answer = answer_of(logits);
        ++results.counts[label * classes + answer.class_number];
        if (answer.class_number == label) continue;
        results.worst.push_back({i, examples.pictures().names[i], label, answer.class_number,
                                 answer.probability, probability_of(logits, label)});
    }
    std::ranges::stable_sort(results.worst, {}, &Mistake::right_probability);
    if (results.worst.size() > TestResults::most_mistakes) results.worst.resize(TestResults::most_mistakes);
}

}  // namespace

TestAnswers answer_test(const Device& device, const Network& network, const Parameters& parameters,
                        const LabelledExamples& all, const TestShare& share) {
    const auto begin_of = [&](std::uint64_t number) {
        return static_cast<std::uint32_t>(all.size() * number / share.count);
    };
    const std::uint32_t first = begin_of(share.number), end = begin_of(share.number + 1);
    if (first == end) return {};
    std::optional<LabelledExamples> some;
    if (share.count > 1) some.emplace(between(all.pictures(), first, end), network.range);
    ParameterBuffers buffers(device, parameters);
    Evaluator evaluator(device, network, buffers, some ? *some : all, cross_entropy);
    Recorder recorder(device);
    TestAnswers answers;
    answers.losses = evaluator.scores(recorder, &answers.logits).losses;
    return answers;
}

Texts to_texts(const TestAnswers& answers) {
    return {values_text<float>(answers.losses), values_text<float>(answers.logits)};
}

TestAnswers joined_answers(const std::vector<Texts>& of_shares) {
    TestAnswers all;
    for (const Texts& texts : of_shares) {
        append_values(all.losses, texts.at(0));
        append_values(all.logits, texts.at(1));
    }
    return all;
}

TestResults test_results(const TestAnswers& answers, const LabelledExamples& examples,
                         const std::vector<std::string>& classes) {
    TestResults results{.classes = classes};
    results.loss = std::accumulate(answers.losses.begin(), answers.losses.end(), 0.0) /
                   static_cast<double>(answers.losses.size());
    count_answers(results, examples, answers.logits);
    return results;
}

}  // namespace shadenet
