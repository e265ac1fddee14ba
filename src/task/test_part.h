// A network on the labelled pictures that it is tested on.
#pragma once

#include <string>
#include <vector>

#include "data/labelled_examples.h"
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

/// Inference in batches, of which no bit depends on their size. Throws as Evaluator does.
TestAnswers answer_test(const Device& device, const Network& network, const Parameters& parameters,
                        const LabelledExamples& examples);

/// What these answers come to, of no step. The loss is no number where an answer is none.
TestResults test_results(const TestAnswers& answers, const LabelledExamples& examples,
                         const std::vector<std::string>& classes);

}  // namespace shadenet
