// Whole training runs in float64, with all that a run can ask of its norms.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "model/network.h"
#include "model/optimizer.h"
#include "model/parameters.h"
#include "reference/network.h"
#include "reference/optimizer.h"

namespace shadenet::reference {

struct TrainingOptions {
    Network network;
    OptimizerOptions optimizer;
    bool debias = false;              ///< moving averages are those of the batches alone
    std::uint32_t freeze_norm = 0;    ///< the first epoch, from 1, whose norms keep the moving ones; 0: none
    bool zero_init_residual = false;  ///< γ of the last norm begins at 0
    std::uint64_t seed = 0;           ///< of dropout
};

class Training {
  public:
    /// Throws as NetworkRun does.
    Training(const TrainingOptions& options, const Parameters& start);

    /// One step of epoch `epoch`, from 1, with every norm's decay being `decay` for it, or else the norm's
    /// own. Returns the loss from before it.
    double step(const Tensor& x, const Target& target, std::uint32_t epoch, std::optional<double> decay = {});

    /// From the next step on.
    void set_learning_rate(float rate) { optimizer_.set_learning_rate(rate); }

    const NetworkRun& network() const { return network_; }
    /// Steps that moved the moving statistics.
    std::size_t norm_updates() const { return history_.size(); }

  private:
    /// A batch that moved the moving statistics, and the decays it did that with, by the norms' names.
    struct Past {
        std::map<std::string, double> decays;
        std::map<std::string, BatchStatistics> statistics;
    };
    void move(const Past& now);
    BatchStatistics average(const std::string& norm) const;

    TrainingOptions options_;
    NetworkRun network_;
    Optimizer optimizer_;
    std::vector<Past> history_;
};

}  // namespace shadenet::reference
