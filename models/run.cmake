# Models of planning, running, the journal and the backups.
set(RUN_SOURCES
    runtext.cpp runtext.h
    checksmodel.cpp checksmodel.h
    planmodel.cpp planmodel.h
    planchoicesmodel.cpp planchoicesmodel.h
    runstepsmodel.cpp runstepsmodel.h
    runstatementsmodel.cpp runstatementsmodel.h
    journalmodel.cpp journalmodel.h
    journalfilter.cpp journalfilter.h
    backupmodel.cpp backupmodel.h
)
