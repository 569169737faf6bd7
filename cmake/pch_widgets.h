// SPDX-License-Identifier: MIT
// The same for the window's layers.
#pragma once

#include "cmake/pch_core.h"

#include <QAbstractItemModel>
#include <QApplication>
#include <QBoxLayout>
#include <QFuture>
#include <QLabel>
#include <QPainter>
#include <QPushButton>
#include <QWidget>
