package io.vigie.incident.alert;

import java.util.Map;

import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;

import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * A condition on one label of an alert; a label that is not there is empty.
 *
 * @param label its name
 */
@Schema(name = "SilenceMatcher")
record Matcher(
    @NotNull @Size(min = 1, max = Signal.NAME) String label,
    @NotNull Comparison is,
    @NotNull @Size(min = 1, max = Signal.VALUE) String value) {

  /** No patterns: one that takes long to try would hold up the mail of all alerts. */
  @Schema(name = "SilenceComparison")
  enum Comparison {
    EQUAL {
      @Override
      boolean holds(String label, String value) {
        return label.equals(value);
      }
    },
    DIFFERENT {
      @Override
      boolean holds(String label, String value) {
        return !label.equals(value);
      }
    },
    BEGINNING_WITH {
      @Override
      boolean holds(String label, String value) {
        return label.startsWith(value);
      }
    };

    abstract boolean holds(String label, String value);
  }

  boolean matches(Map<String, String> labels) {
    return is.holds(labels.getOrDefault(label, ""), value);
  }

  /** True where it names something, rather than all but something. */
  boolean namesSomething() {
    return is != Comparison.DIFFERENT;
  }
}
