package io.vigie.backup.run;

import java.util.List;
import java.util.UUID;

import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;

import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** What a backup server tells of many runs at once, in any order. */
@Schema(name = "RunReports")
record RunReports(@NotNull @Size(min = 1, max = 500) List<@NotNull @Valid Told> runs) {

  @Schema(name = "RunOfPlan")
  record Told(@NotNull UUID plan, @NotNull @Valid RunReport run) {}
}
