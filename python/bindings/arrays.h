// SPDX-License-Identifier: Apache-2.0
/// \file
/// NumPy arrays in and out, without copies where that is safe.
#pragma once

#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>

#include <span>
#include <utility>
#include <vector>

namespace rheobase::python {

namespace nb = nanobind;

/// What callers hand in: one axis, contiguous, of exactly this type (the Python side sees to it).
template <class T>
using In = nb::ndarray<const T, nb::ndim<1>, nb::c_contig, nb::device::cpu>;

template <class T>
std::span<const T> view(const In<T>& array) {
  return {array.data(), array.shape(0)};
}

template <class T>
using Out = nb::ndarray<nb::numpy, T>;

/// An array that owns what was in `values`; nothing is copied.
template <class T>
Out<T> array(std::vector<T>&& values, std::initializer_list<std::size_t> shape) {
  auto* kept = new std::vector<T>(std::move(values));
  const nb::capsule owner(kept, [](void* p) noexcept { delete static_cast<std::vector<T>*>(p); });
  return Out<T>(kept->data(), shape, owner);
}
template <class T>
Out<T> array(std::vector<T>&& values) {
  const std::size_t size = values.size();
  return array(std::move(values), {size});
}

/// A list that stubs tell the entries of.
template <class T>
using ListOf = nb::typed<nb::list, T>;

/// The entries of a list. Texts are handed in as views and lists are taken apart here: converters
/// of nanobind that allocate end the process if memory is refused, since they cannot throw.
template <class T>
std::vector<T> listed(const ListOf<T>& list) {
  std::vector<T> found;
  found.reserve(list.size());
  for (const nb::handle entry : list) {
    found.push_back(nb::cast<T>(entry));
  }
  return found;
}

/// What stubs say of results whose entries differ in type.
using Columns = nb::typed<nb::tuple, nb::any, nb::ellipsis>;
using Rows = nb::typed<nb::list, Columns>;
using Facts = nb::typed<nb::dict, nb::str, nb::any>;

}  // namespace rheobase::python
