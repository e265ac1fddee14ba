#include "task/test_part.h"

#include <algorithm>
#include <numeric>
#include <span>

#include "engine/learning/loss.h"
#include "engine/stack/evaluator.h"
#include "model/answer.h"

namespace shadenet {

namespace {

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
                        const LabelledExamples& examples) {
    ParameterBuffers buffers(device, parameters);
    Evaluator evaluator(device, network, buffers, examples, cross_entropy);
    Recorder recorder(device);
    TestAnswers answers;
    answers.losses = evaluator.scores(recorder, &answers.logits).losses;
    return answers;
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
