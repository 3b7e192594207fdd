package io.vigie.asset.posture;

import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.PastOrPresent;
import jakarta.validation.constraints.PositiveOrZero;
import jakarta.validation.constraints.Size;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;

/**
 * What a tool found out about a machine's protection. What is null was not looked at.
 *
 * @param antivirus its name
 * @param signaturesOn when the antivirus's signatures were made
 * @param diskEncrypted whether everything that holds data is
 * @param screenLockSeconds of idleness after which the screen locks
 * @param patchedOn when the operating system was last patched
 * @param openPorts TCP ports that others can reach
 * @param rebootPending whether patches wait for a restart
 */
public record Facts(
    @Size(min = 1, max = 200) String antivirus,
    Boolean antivirusRunning,
    @PastOrPresent LocalDate signaturesOn,
    Boolean diskEncrypted,
    Boolean firewallOn,
    Boolean screenLock,
    @PositiveOrZero @Max(86_400) Integer screenLockSeconds,
    SignIn signIn,
    @Size(min = 1, max = 200) String operatingSystem,
    @PastOrPresent LocalDate patchedOn,
    @Size(max = 65_535) List<@NotNull @Min(1) @Max(65_535) Integer> openPorts,
    Boolean rebootPending) {

  private static final TypeReference<Map<String, JsonNode>> BY_NAME = new TypeReference<>() {};

  public Facts {
    openPorts = openPorts == null ? null : sorted(openPorts);
  }

  /** What an inventory says of a machine's protection. */
  public static Facts of(String operatingSystem, List<Integer> openPorts) {
    return new Facts(
        null, null, null, null, null, null, null, null, operatingSystem, null, openPorts, null);
  }

  /** Each fact that is told, by its name. */
  Map<String, JsonNode> byName() {
    return Stored.JSON.convertValue(this, BY_NAME);
  }

  /** Nulls stay, for the validation to find. */
  private static List<Integer> sorted(List<Integer> ports) {
    return ports.stream().anyMatch(Objects::isNull) ? ports : List.copyOf(new TreeSet<>(ports));
  }
}
