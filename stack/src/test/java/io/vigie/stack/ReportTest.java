package io.vigie.stack;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertEquals;

class ReportTest {
  @ParameterizedTest
  @CsvSource({"0, 0 B", "1023, 1023 B", "1024, 1.0 KiB", "1610612736, 1.5 GiB"})
  void aSizeIsToldInTheLargestUnitOfWhichItIsAtLeastOne(long bytes, String told) {
    assertEquals(told, Report.size(bytes));
  }
}
