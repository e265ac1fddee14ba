// A desktop of the test's own: a screen in memory, and a window manager, without which nothing is minimised.
#pragma once

#include <memory>
#include <string>

#include "../cli/process.h"

namespace shadenet::test {

/// The whole path of an installed program. Throws, naming the Debian package, where there is none.
std::string installed(const std::string& program, const std::string& package);

class Desktop {
  public:
    static constexpr int width = 1600, height = 1000;

    Desktop();

    /// What makes a program open its windows here.
    const Environment& environment() const { return environment_; }
    /// Runs xdotool; throws what it says when it fails.
    std::string xdotool(const Arguments& arguments) const;

  private:
    std::string xdotool_;
    std::unique_ptr<Process> screen_;
    Environment environment_;
    std::unique_ptr<Process> manager_;  ///< after the screen: it ends first
};

}  // namespace shadenet::test
