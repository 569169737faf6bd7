# Views of planning, running, the journal and the backups.
set(RUN_SOURCES
    backupchoicebox.cpp backupchoicebox.h
    backupspage.cpp backupspage.h
    journaldetails.cpp journaldetails.h
    journalpage.cpp journalpage.h
    passworddialog.cpp passworddialog.h
    planchecksview.cpp planchecksview.h
    plandialog.cpp plandialog.h
    planlimits.cpp planlimits.h
    planpreview.cpp planpreview.h
    rollbackdialog.cpp rollbackdialog.h
    runbutton.cpp runbutton.h
    runcard.cpp runcard.h
    runcelldelegate.cpp runcelldelegate.h
    runlabel.cpp runlabel.h
    runmarks.cpp runmarks.h
    runpane.cpp runpane.h
    runresult.cpp runresult.h
    runsqldelegate.cpp runsqldelegate.h
    runstepsview.cpp runstepsview.h
    runview.cpp runview.h
)
