#include "model/answer.h"

#include <cmath>
#include <vector>

#include "catch.h"

using namespace shadenet;

TEST_CASE("an answer is the largest logit by softmax, and the next one is the runner-up") {
    const std::vector<float> logits = {1, 3, -2, 2};
    const double sum = std::exp(1.0) + std::exp(3.0) + std::exp(-2.0) + std::exp(2.0);
    const Answer answer = answer_of(logits);
    CHECK(answer.class_number == 1);
    CHECK(answer.runner_up == 3);
    CHECK(answer.probability == Approx(std::exp(3.0) / sum));
    CHECK(answer.runner_up_probability == Approx(std::exp(2.0) / sum));
    CHECK(probability_of(logits, 2) == Approx(std::exp(-2.0) / sum));
}

TEST_CASE("of equal logits the lowest class is first, and the next of them the runner-up") {
    const std::vector<float> equal = {5, 5, 5}, second = {0, 7, 7};
    CHECK(answer_of(equal).class_number == 0);
    CHECK(answer_of(equal).runner_up == 1);
    CHECK(answer_of(equal).probability == Approx(1.0 / 3));
    CHECK(answer_of(second).class_number == 1);
    CHECK(answer_of(second).runner_up == 2);
}

TEST_CASE("logits that no exponential holds have probabilities all the same") {
    const std::vector<float> huge = {3e38f, -3e38f}, low = {-3e38f, -3e38f};
    CHECK(answer_of(huge).probability == 1);
    CHECK(answer_of(huge).runner_up_probability == 0);
    CHECK(answer_of(low).probability == 0.5);
}
