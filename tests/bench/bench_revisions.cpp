// SPDX-License-Identifier: MIT
// How long it takes from revision files to rows on the screen, and how that grows. Nothing here is a test:
// ctest runs the smallest sizes once, so that the benchmarks stay able to run.
#include "migrations/alembic/plan.h"
#include "migrations/alembic/revisionmap.h"
#include "migrations/alembic/scriptdirectory.h"
#include "models/lanelayout.h"
#include "tests/bench/shapes.h"
#include "tests/models/sampletargets.h"
#include "views/revisionlist.h"

#include <QApplication>
#include <QImage>
#include <QScrollBar>
#include <QTemporaryDir>

#include <benchmark/benchmark.h>

using namespace stepwell;
using namespace Qt::StringLiterals;
using shapes::Shape;

namespace {

template<typename T>
T taken(Result<T> result)
{
    if (!result)
        qFatal("%s", qPrintable(toText(result.error())));
    return *std::move(result);
}

RevisionMap mapOf(Shape shape, int64_t size)
{
    return taken(RevisionMap::build(shapes::revisions(shape, int(size))));
}

// Files -------------------------------------------------------------------------------------------

void read(benchmark::State &state, ReadDepth depth)
{
    const QTemporaryDir folder;
    shapes::writeProject(folder.path(), shapes::revisions(Shape::Chain, int(state.range(0))));
    const ScriptSource source{.config = folder.filePath(u"alembic.ini"_s)};
    for (auto _ : state)
        benchmark::DoNotOptimize(taken(ScriptDirectory::load(source, depth)).map.count());
    state.SetComplexityN(state.range(0));
}

// The graph ---------------------------------------------------------------------------------------

void build(benchmark::State &state, Shape shape)
{
    const QList<Revision> revisions = shapes::revisions(shape, int(state.range(0)));
    for (auto _ : state)
        benchmark::DoNotOptimize(taken(RevisionMap::build(revisions)).count());
    state.SetComplexityN(revisions.size());
}

void history(benchmark::State &state, Shape shape)
{
    const RevisionMap map = mapOf(shape, state.range(0));
    for (auto _ : state)
        benchmark::DoNotOptimize(map.history().size());
    state.SetComplexityN(map.count());
}

void planUp(benchmark::State &state, Shape shape)
{
    const RevisionMap map = mapOf(shape, state.range(0));
    for (auto _ : state)
        benchmark::DoNotOptimize(taken(planUpgrade(map, {}, u"heads"_s)).steps.size());
    state.SetComplexityN(map.count());
}

void planDown(benchmark::State &state, Shape shape)
{
    const RevisionMap map = mapOf(shape, state.range(0));
    const RevisionIds rows = map.realHeads();
    for (auto _ : state)
        benchmark::DoNotOptimize(taken(planDowngrade(map, rows, u"base"_s)).steps.size());
    state.SetComplexityN(map.count());
}

void lanes(benchmark::State &state, Shape shape)
{
    const RevisionMap map = mapOf(shape, state.range(0));
    const RevisionIds order = map.history();
    for (auto _ : state)
        benchmark::DoNotOptimize(layoutLanes(map, order).laneCount);
    state.SetComplexityN(map.count());
}

// The list ----------------------------------------------------------------------------------------

TargetStatus statusOf(Shape shape, int64_t size)
{
    const QList<Revision> revisions = shapes::revisions(shape, int(size));
    const QString middle = revisions.at(revisions.size() / 2).id.text();
    return sample::status({.environment = u"production"_s, .component = u"manager"_s}, revisions, {middle});
}

void fillList(benchmark::State &state, Shape shape)
{
    const TargetStatus status = statusOf(shape, state.range(0));
    for (auto _ : state) {
        RevisionListModel model;
        model.setStatus(status);
        benchmark::DoNotOptimize(model.rowCount());
    }
    state.SetComplexityN(state.range(0));
}

/// One frame: all visible rows, somewhere else each time, as while scrolling.
void paintFrame(benchmark::State &state, Shape shape)
{
    RevisionListModel model;
    RevisionList list(&model);
    model.setStatus(statusOf(shape, state.range(0)));
    list.resize(1200, 800);
    list.show();
    QImage image(list.viewport()->size(), QImage::Format_ARGB32_Premultiplied);
    QScrollBar *bar = list.verticalScrollBar();
    int place = 0;
    for (auto _ : state) {
        place = (place + 997) % std::max(1, bar->maximum());
        bar->setValue(place);
        list.viewport()->render(&image);
    }
    state.SetComplexityN(state.range(0));
}

// All of them -------------------------------------------------------------------------------------

using Measure = void (*)(benchmark::State &, Shape);

void add(const std::string &name, Measure measure, Shape shape, int64_t largest)
{
    auto *added = benchmark::RegisterBenchmark(name, measure, shape);
    for (const int64_t size : {largest / 100, largest / 10, largest})
        added->Arg(size);
    added->Unit(benchmark::kMillisecond)->Complexity();
}

void addAll()
{
    for (const auto &[name, depth] :
         {std::pair("read_header/chain", ReadDepth::Header), {"read_facts/chain", ReadDepth::Facts}}) {
        benchmark::RegisterBenchmark(name, read, depth)
            ->Args({500})
            ->Args({5'000})
            ->Args({50'000})
            ->Unit(benchmark::kMillisecond)
            ->UseRealTime()
            ->Complexity();
    }
    struct Sized {
        const char *name;
        Shape shape;
        int64_t largest;
    };
    constexpr Sized sized[] = {{"chain", Shape::Chain, 50'000},
                               {"fan", Shape::Fan, 5'000},
                               {"merged_fan", Shape::MergedFan, 5'000},
                               {"ladder", Shape::Ladder, 15'000},
                               {"two_chains", Shape::TwoChains, 50'000}};
    constexpr std::pair<const char *, Measure> measures[] = {{"build", build},
                                                             {"history", history},
                                                             {"plan_up", planUp},
                                                             {"plan_down", planDown},
                                                             {"lanes", lanes}};
    for (const auto &[measureName, measure] : measures) {
        for (const Sized &one : sized)
            add(std::string(measureName) + '/' + one.name, measure, one.shape, one.largest);
    }
    add("list_fill/chain", fillList, Shape::Chain, 50'000);
    add("list_frame/chain", paintFrame, Shape::Chain, 50'000);
    add("list_frame/ladder", paintFrame, Shape::Ladder, 15'000);
}

} // namespace

int main(int argc, char **argv)
{
    if (qEnvironmentVariableIsEmpty("QT_QPA_PLATFORM"))
        qputenv("QT_QPA_PLATFORM", "offscreen");
    const QApplication application(argc, argv);
    addAll();
    benchmark::Initialize(&argc, argv);
    if (benchmark::ReportUnrecognizedArguments(argc, argv))
        return 2;
    benchmark::RunSpecifiedBenchmarks();
    return 0;
}
