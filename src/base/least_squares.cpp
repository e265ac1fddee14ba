#include "base/least_squares.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

#include <Eigen/Dense>

namespace shadenet {

namespace {

/// Pivots of the covariance below this part of the largest are left alone: the deviation in such a direction
/// is 3e-7 of that in the largest, which is what float32 values are rounded to.
constexpr double rank_threshold = 1e-13;

/// No ridge is tried that is larger.
constexpr double most_ridge = 1;

struct Covariance {
    explicit Covariance(const FitSums& sums) : known(static_cast<Eigen::Index>(sums.known())) {
        if (!(sums.count > 0)) throw std::invalid_argument("a best fit needs a position");
        const auto size = static_cast<Eigen::Index>(sums.sum.size());
        using Rows = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
        mean = Eigen::Map<const Eigen::VectorXd>(sums.sum.data(), size) / sums.count;
        const Eigen::MatrixXd raw = Eigen::Map<const Rows>(sums.product.data(), size, size) / sums.count;
        matrix = raw - mean * mean.transpose();
        noise = 4 * std::numeric_limits<double>::epsilon() * raw.diagonal().maxCoeff();
    }

    Eigen::MatrixXd of_known() const { return matrix.topLeftCorner(known, known); }
    Eigen::MatrixXd with_targets() const { return matrix.topRightCorner(known, 3); }

    Eigen::Index known;      ///< K
    Eigen::VectorXd mean;    ///< [K + 3]
    Eigen::MatrixXd matrix;  ///< [K + 3][K + 3]
    double noise;            ///< what rounding leaves in an element of the matrix
};

/// The loss is computed from the weights as they are, and not from the formula of the least loss: an error of
/// the weights then changes it by the error's square only.
AffineFit fit_of(const Covariance& all, const Eigen::MatrixXd& weight) {
    AffineFit fit;
    const Eigen::MatrixXd known = all.of_known(), mixed = all.with_targets();
    double squares = 0;
    for (Eigen::Index c = 0; c < 3; ++c) {
        const Eigen::VectorXd w = weight.col(c);
        fit.weight.insert(fit.weight.end(), w.data(), w.data() + all.known);
        fit.bias.push_back(all.mean(all.known + c) - w.dot(all.mean.head(all.known)));
        squares += all.matrix(all.known + c, all.known + c) - 2 * w.dot(mixed.col(c)) + w.dot(known * w);
    }
    // Where it is 0, rounding leaves something of either sign.
    const double loss = squares / 3;
    fit.loss = loss > all.noise * static_cast<double>(all.known) ? loss : 0;
    return fit;
}

/// [K][3]
Eigen::MatrixXd weights_of(const AffineFit& fit, Eigen::Index known) {
    return Eigen::Map<const Eigen::MatrixXd>(fit.weight.data(), known, 3);
}

}  // namespace

AffineFit best_fit(const FitSums& sums) {
    const Covariance all(sums);
    Eigen::MatrixXd weight = Eigen::MatrixXd::Zero(all.known, 3);
    const double largest = all.of_known().diagonal().maxCoeff();
    // The variance of constant numbers is 0; what is computed for it is rounding.
    const double noise = all.noise * static_cast<double>(all.known);
    if (largest > noise) {
        Eigen::CompleteOrthogonalDecomposition<Eigen::MatrixXd> solver;
        solver.setThreshold(std::max(rank_threshold, noise / largest));
        solver.compute(all.of_known());
        weight = solver.solve(all.with_targets());
    }
    return fit_of(all, weight);
}

AffineFit ridge_fit(const FitSums& sums, double ridge, const AffineFit& towards) {
    const Covariance all(sums);
    const double noise = all.noise * static_cast<double>(all.known);
    Eigen::VectorXd scale = Eigen::VectorXd::Zero(all.known);  // 1 / deviation
    for (Eigen::Index a = 0; a < all.known; ++a) {
        if (all.matrix(a, a) > noise) scale(a) = 1 / std::sqrt(all.matrix(a, a));
    }
    Eigen::MatrixXd correlation = scale.asDiagonal() * all.of_known() * scale.asDiagonal();
    Eigen::LLT<Eigen::MatrixXd> solver;
    for (double more = ridge; more < most_ridge; more *= 10) {
        correlation.diagonal().setConstant(1 + more);
        solver.compute(correlation);
        if (solver.info() == Eigen::Success) break;
    }
    const Eigen::MatrixXd weight = weights_of(towards, all.known);
    const Eigen::MatrixXd left = all.with_targets() - all.of_known() * weight;
    return fit_of(all, weight + scale.asDiagonal() * solver.solve(scale.asDiagonal() * left));
}

double loss_of_fit(const FitSums& sums, const AffineFit& fit) {
    const Covariance all(sums);
    const Eigen::MatrixXd weight = weights_of(fit, all.known);
    AffineFit own = fit_of(all, weight);
    double squares = 0;
    for (std::size_t c = 0; c < 3; ++c) squares += std::pow(fit.bias[c] - own.bias[c], 2);
    return own.loss + squares / 3;
}

std::vector<FitMoments> fitted_moments(const FitSums& sums, const AffineFit& fit) {
    const Covariance all(sums);
    const Eigen::MatrixXd known = all.of_known();
    std::vector<FitMoments> moments;
    for (Eigen::Index c = 0; c < 3; ++c) {
        const Eigen::Map<const Eigen::VectorXd> w(fit.weight.data() + c * all.known, all.known);
        moments.push_back({fit.bias[static_cast<std::size_t>(c)] + w.dot(all.mean.head(all.known)),
                           std::max(0.0, w.dot(known * w))});
    }
    return moments;
}

}  // namespace shadenet
