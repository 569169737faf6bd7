stepwell_test(tst_planmodels LABEL unit LINK stepwell_models stepwell_test_samples)
stepwell_test(tst_runmodels LABEL unit LINK stepwell_models)
stepwell_test(tst_journalmodels LABEL unit LINK stepwell_models)
