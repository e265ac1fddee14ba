#include "base/psnr.h"

#include "catch.h"

using namespace shadenet;

TEST_CASE("decibels of squared errors") {
    CHECK(psnr(1) == 0);
    CHECK(psnr(0.01) == Approx(20));
    CHECK(psnr(4) == Approx(-6.0206).margin(1e-4));
    CHECK(psnr(0) == std::numeric_limits<double>::infinity());
    CHECK(std::isnan(psnr(-1e-9)));
    CHECK(std::isnan(psnr(std::nan(""))));
    CHECK(psnr_text(1.23e-4) == "39.1 dB");
    CHECK(psnr_text(1.001) == "0.0 dB");
    CHECK(psnr_text(4) == "-6.0 dB");
    CHECK(psnr_text(0) == "infinite dB");
    CHECK(psnr_text(std::nan("")).empty());
    CHECK(psnr_text(std::numeric_limits<double>::infinity()).empty());
    CHECK(with_psnr("0.000123", 1.23e-4) == "0.000123 (39.1 dB)");
    CHECK(with_psnr("nan", std::nan("")) == "nan");
}
