// SPDX-License-Identifier: Apache-2.0
// Scaling, Taylor series, squaring: + and * alone, so that every machine gets the same bits.
#include <algorithm>
#include <cstddef>

#include "definition/host_program.h"

namespace rheobase::language {
namespace {

using Matrix = std::vector<double>;

void multiply(const Matrix& a, const Matrix& b, Matrix& product, std::size_t n) {
  std::fill(product.begin(), product.end(), 0.0);
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t k = 0; k < n; ++k) {
      const double factor = a[i * n + k];
      if (factor == 0.0) {
        continue;  // most are: systems are sparse
      }
      for (std::size_t j = 0; j < n; ++j) {
        product[i * n + j] += factor * b[k * n + j];
      }
    }
  }
}

/// The largest sum of sizes in a row.
double norm(const Matrix& m, std::size_t n) {
  double largest = 0.0;
  for (std::size_t i = 0; i < n; ++i) {
    double sum = 0.0;
    for (std::size_t j = 0; j < n; ++j) {
      sum += m[i * n + j] < 0.0 ? -m[i * n + j] : m[i * n + j];
    }
    largest = sum > largest || sum != sum ? sum : largest;
  }
  return largest;
}

}  // namespace

void exponentiate(std::vector<double>& matrix, std::uint32_t size) {
  const std::size_t n = size;
  double scale = 1.0;
  int halvings = 0;
  for (double size_now = norm(matrix, n); size_now > 0.5 && halvings < 200; size_now *= 0.5) {
    scale *= 0.5;
    ++halvings;
  }
  for (double& x : matrix) {
    x *= scale;
  }
  // e^M - 1 = M (1 + M/2 (1 + M/3 (...))), which keeps what is small beside 1
  Matrix sum(n * n, 0.0);
  Matrix product(n * n);
  for (int term = 16; term >= 1; --term) {
    for (std::size_t i = 0; i < n; ++i) {
      sum[i * n + i] += 1.0;
    }
    multiply(matrix, sum, product, n);
    for (std::size_t i = 0; i < n * n; ++i) {
      sum[i] = product[i] / term;
    }
  }
  // (1 + E)^2 - 1 = 2 E + E^2
  for (; halvings > 0; --halvings) {
    multiply(sum, sum, product, n);
    for (std::size_t i = 0; i < n * n; ++i) {
      sum[i] = 2.0 * sum[i] + product[i];
    }
  }
  for (std::size_t i = 0; i < n; ++i) {
    sum[i * n + i] += 1.0;
  }
  matrix = std::move(sum);
}

}  // namespace rheobase::language
