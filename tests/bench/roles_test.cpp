#include "bench/roles.h"

#include "catch.h"

using namespace shadenet;

TEST_CASE("kernels are told by their names and constants") {
    const Role forward = role_of("stack_gemm OUT4=4 COLS=8 BIAS=1 ADD=0 LOCAL_SIZE=8");
    CHECK(forward.name == "stack_gemm forward");
    CHECK(forward.pass == Pass::forward);
    CHECK(role_of("stack_gemm OUT4=4 ADD=0 BIAS=1").pass == Pass::forward);
    const Role gradient = role_of("stack_gemm OUT4=4 BIAS=0 ADD=1");
    CHECK(gradient.name == "stack_gemm input gradient");
    CHECK(gradient.pass == Pass::input_gradient);
    CHECK(role_of("stack_weight_gradient TAPS=3").pass == Pass::weight_gradient);
    CHECK(role_of("stack_update KIND=0").pass == Pass::update);
    CHECK(role_of("stack_norm_batch").pass == Pass::norm);
    CHECK(role_of("stack_point_backward KIND=0").pass == Pass::points);
    CHECK(role_of("cross_entropy").pass == Pass::loss);
    CHECK(role_of("stack_update KIND=0").layer == "");
    CHECK(role_of("stack_gemm_staged OUT4=2 BIAS=1").pass == Pass::forward);
    const Role of_layer = role_of("stack_gemm OUT4=4 BIAS=1 @conv1");
    CHECK(of_layer.name == "stack_gemm forward");
    CHECK(of_layer.pass == Pass::forward);
    CHECK(of_layer.layer == "conv1");
    const Role other = role_of("fused_forward STRIP=16");
    CHECK(other.name == "fused_forward");
    CHECK(other.pass == Pass::other);
}
