// OpenCV's reader of ONNX, and the numbers that it then computes.
#ifdef SHADENET_OPENCV

#include <algorithm>
#include <cmath>

#include <opencv2/dnn.hpp>

#include "../onnx_cases/cases.h"
#include "catch.h"
#include "export/onnx.h"

using namespace shadenet;
using namespace shadenet::test;

namespace {

/// The largest difference from the reference, as a share of its largest result.
double share_off(const OnnxCase& one, const std::vector<double>& expected, const OnnxOptions& options) {
    const std::string file = onnx_model(one.model, options, one.name);
    cv::dnn::Net net = cv::dnn::readNetFromONNX(file.data(), file.size());
    net.setPreferableBackend(cv::dnn::DNN_BACKEND_OPENCV);
    std::vector<float> pictures = case_pictures(one);
    const int extents[] = {static_cast<int>(one.pictures.n), static_cast<int>(one.pictures.c),
                           static_cast<int>(one.pictures.h), static_cast<int>(one.pictures.w)};
    net.setInput(cv::Mat(4, extents, CV_32F, pictures.data()));
    const cv::Mat made = net.forward();
    REQUIRE(made.total() == expected.size());
    double largest = 0, worst = 0;
    for (std::size_t i = 0; i < expected.size(); ++i) {
        const double difference = std::abs(static_cast<double>(made.ptr<float>()[i]) - expected[i]);
        worst = difference <= worst ? worst : difference;  // NaN stays
        largest = std::max(largest, std::abs(expected[i]));
    }
    return worst / largest;
}

/// Float32's rounding through six layers; OpenCV's own order of sums is another than ours.
constexpr double opencv_bound = 2e-6;

}  // namespace

TEST_CASE("OpenCV reads exported networks, and makes of pictures what they make") {
    for (const OnnxCase& one : onnx_cases()) {
        INFO(one.name);
        const std::vector<double> expected = case_results(one);
        CHECK(share_off(one, expected, {}) <= opencv_bound);
        CHECK(share_off(one, expected, {.fold = true}) <= opencv_bound);
    }
}

#endif
