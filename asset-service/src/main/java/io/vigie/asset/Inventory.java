package io.vigie.asset;

import java.time.Instant;
import java.util.List;

import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.PositiveOrZero;
import jakarta.validation.constraints.Size;

/**
 * What a machine was found to be.
 *
 * @param memoryBytes main memory, in bytes
 */
public record Inventory(
    @NotNull Instant collectedAt,
    @NotBlank @Size(max = 253) String hostname,
    @NotBlank @Size(max = 200) String operatingSystem,
    @NotBlank @Size(max = 200) String kernel,
    @Min(1) @Max(65_536) int processors,
    @PositiveOrZero long memoryBytes,
    @NotNull @Size(max = 1_000) List<@NotNull @Valid Disk> disks,
    @NotNull @Size(max = 20_000) List<@NotNull @Valid SoftwarePackage> packages,
    @NotNull @Size(max = 65_535) List<@NotNull @Min(1) @Max(65_535) Integer> listeningPorts) {

  public record Disk(@NotBlank @Size(max = 500) String name, @PositiveOrZero long totalBytes) {}

  public record SoftwarePackage(
      @NotBlank @Size(max = 200) String name, @NotBlank @Size(max = 200) String version) {}
}
