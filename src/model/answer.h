// What the logits of a classifier say.
#pragma once

#include <cstdint>
#include <span>

namespace shadenet {

/// The class of the largest logit, and that of the next one, by softmax.
struct Answer {
    std::uint32_t class_number = 0, runner_up = 0;
    double probability = 0, runner_up_probability = 0;
};

/// Of two logits or more, which are finite. Among equal ones the lowest class is first, as on the device.
Answer answer_of(std::span<const float> logits);

/// What softmax makes of the logit of that class.
double probability_of(std::span<const float> logits, std::uint32_t class_number);

}  // namespace shadenet
