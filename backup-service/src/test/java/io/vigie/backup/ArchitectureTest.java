package io.vigie.backup;

import io.vigie.testkit.VigieRules;
import org.junit.jupiter.api.Test;

class ArchitectureTest {

  @Test
  void theServiceKeepsTheRules() {
    VigieRules.check("io.vigie.backup");
  }
}
