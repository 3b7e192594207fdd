package io.vigie.asset.discovery;

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
 * What a machine was found to be. What is null was not looked at.
 *
 * @param collectedAt when it was so; a time to come counts as now
 * @param memoryBytes main memory, in bytes
 * @param listeningPorts TCP
 */
public record Inventory(
    @NotNull Instant collectedAt,
    @Size(min = 1, max = 253) String hostname,
    @Size(min = 1, max = 200) String operatingSystem,
    @Size(min = 1, max = 200) String kernel,
    @Min(1) @Max(65_536) Integer processors,
    @PositiveOrZero Long memoryBytes,
    @Size(max = 1_000) List<@NotNull @Valid Disk> disks,
    @Size(max = 20_000) List<@NotNull @Valid SoftwarePackage> packages,
    @Size(max = 65_535) List<@NotNull @Min(1) @Max(65_535) Integer> listeningPorts) {

  public record Disk(@NotBlank @Size(max = 500) String name, @PositiveOrZero long totalBytes) {}

  /**
   * @param source what installed it, such as {@code deb} or {@code rpm}; null where unknown
   */
  public record SoftwarePackage(
      @NotBlank @Size(max = 200) String name,
      @NotBlank @Size(max = 200) String version,
      @Size(min = 1, max = 40) String source) {}

  /** This on top of {@code known}: what this does not say is as it was. */
  Inventory onto(Inventory known) {
    return new Inventory(
        collectedAt,
        or(hostname, known.hostname),
        or(operatingSystem, known.operatingSystem),
        or(kernel, known.kernel),
        or(processors, known.processors),
        or(memoryBytes, known.memoryBytes),
        or(disks, known.disks),
        or(packages, known.packages),
        or(listeningPorts, known.listeningPorts));
  }

  /** The same with other programs. */
  Inventory withPackages(List<SoftwarePackage> now) {
    return new Inventory(
        collectedAt,
        hostname,
        operatingSystem,
        kernel,
        processors,
        memoryBytes,
        disks,
        now,
        listeningPorts);
  }

  /** What was found, whenever it was. */
  Inventory withoutTime() {
    return at(null);
  }

  /** The same, as of {@code now} where it says a time to come. */
  Inventory noLaterThan(Instant now) {
    return collectedAt.isAfter(now) ? at(now) : this;
  }

  private Inventory at(Instant time) {
    return new Inventory(
        time,
        hostname,
        operatingSystem,
        kernel,
        processors,
        memoryBytes,
        disks,
        packages,
        listeningPorts);
  }

  private static <T> T or(T told, T known) {
    return told == null ? known : told;
  }
}
