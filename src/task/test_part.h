// A network on the labelled pictures that it is tested on.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "data/labelled_examples.h"
#include "group/texts.h"
#include "model/network.h"
#include "model/parameters.h"
#include "task/test_results.h"

namespace shadenet {

class Device;

/// Of each picture.
struct TestAnswers {
    std::vector<float> losses;
    std::vector<float> logits;  ///< [picture][class]
};

/// Of the examples, part `number` of `count`, which are counted from 0: as many as the others have, that
/// follow one another.
struct TestShare {
    std::uint32_t number = 0, count = 1;
};

/// Inference in batches, of which no bit depends on their size. Throws as Evaluator does.
TestAnswers answer_test(const Device& device, const Network& network, const Parameters& parameters,
                        const LabelledExamples& examples, const TestShare& share);

// How ranks tell one another the answers of their shares; all of them are joined in the order of the shares.
Texts to_texts(const TestAnswers& answers);
TestAnswers joined_answers(const std::vector<Texts>& of_shares);

/// What these answers come to, of no step. The loss is no number where an answer is none.
TestResults test_results(const TestAnswers& answers, const LabelledExamples& examples,
                         const std::vector<std::string>& classes);

}  // namespace shadenet
