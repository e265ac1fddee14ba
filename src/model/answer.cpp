#include "model/answer.h"

#include <algorithm>
#include <cmath>

namespace shadenet {

double probability_of(std::span<const float> logits, std::uint32_t class_number) {
    const float largest = *std::ranges::max_element(logits);
    double sum = 0;
    for (const float logit : logits) sum += std::exp(static_cast<double>(logit) - largest);
    return std::exp(static_cast<double>(logits[class_number]) - largest) / sum;
}

Answer answer_of(std::span<const float> logits) {
    const auto first = std::ranges::max_element(logits);
    Answer answer{.class_number = static_cast<std::uint32_t>(first - logits.begin())};
    answer.runner_up = answer.class_number == 0 ? 1 : 0;
    for (std::uint32_t i = answer.runner_up + 1; i < logits.size(); ++i) {
        if (i != answer.class_number && logits[i] > logits[answer.runner_up]) answer.runner_up = i;
    }
    answer.probability = probability_of(logits, answer.class_number);
    answer.runner_up_probability = probability_of(logits, answer.runner_up);
    return answer;
}

}  // namespace shadenet
