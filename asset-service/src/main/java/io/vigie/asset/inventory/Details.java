package io.vigie.asset.inventory;

import java.time.LocalDate;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

import jakarta.persistence.Column;
import jakarta.persistence.Convert;
import jakarta.persistence.Embeddable;
import jakarta.validation.constraints.AssertTrue;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import com.fasterxml.jackson.databind.util.StdConverter;
import io.netty.util.NetUtil;

/**
 * What an asset is, as people or tools describe it.
 *
 * @param assetTag what stands on its label; unique where there is one
 * @param serialNumber the maker's; unique within a kind
 * @param machineId the system's own id (SMBIOS UUID or the like), in small letters; unique where
 *     there is one
 * @param site the asset of the kind PREMISES where it is
 * @param client the client that it serves, null for the agency itself (R1.2)
 * @param attributes those of its kind, by name
 */
@Embeddable
public record Details(
    @NotBlank @Size(max = 200) String name,
    @NotBlank @Size(max = 40) String kind,
    @Column(name = "asset_tag") @Pattern(regexp = "[A-Za-z0-9._/-]{1,64}") String assetTag,
    @Column(name = "serial_number") @Size(min = 1, max = 100) String serialNumber,
    @Column(name = "machine_id")
        @JsonDeserialize(converter = MachineId.class)
        @Size(min = 1, max = 100)
        String machineId,
    @Size(min = 1, max = 200) String make,
    @Size(min = 1, max = 200) String model,
    UUID site,
    UUID supplier,
    UUID client,
    @Column(name = "purchased_on") LocalDate purchasedOn,
    @Column(name = "warranty_until") LocalDate warrantyUntil,
    boolean production,
    @Size(max = 40) @Convert(converter = AttributesText.class) Map<String, Object> attributes) {

  /**
   * The same machine however its id was written: systems write UUIDs in capitals and in small
   * letters, and reports are compared in small ones. Where it is read and not in each instance: of
   * two assets that were registered before with one id in both spellings, each keeps its own.
   */
  public static final class MachineId extends StdConverter<String, String> {
    @Override
    public String convert(String written) {
      return written == null ? null : of(written);
    }

    public static String of(String written) {
      return written.toLowerCase(Locale.ROOT);
    }
  }

  public Details {
    attributes = attributes == null ? Map.of() : narrowed(attributes);
  }

  /** The same number, or address (RFC 5952), is the same value however it was written. */
  private static Map<String, Object> narrowed(Map<String, Object> attributes) {
    Map<String, Object> narrowed = new TreeMap<>(attributes);
    narrowed.replaceAll(
        (name, value) ->
            value instanceof Long number && number.intValue() == number
                ? (Object) number.intValue()
                : value instanceof String text && NetUtil.isValidIpV6Address(text)
                    ? NetUtil.toAddressString(NetUtil.createInetAddressFromIpAddressString(text))
                    : value);
    return narrowed;
  }

  @JsonIgnore
  @AssertTrue(message = "a warranty ends on or after the day of the purchase")
  boolean isWarrantyAfterPurchase() {
    return purchasedOn == null || warrantyUntil == null || !warrantyUntil.isBefore(purchasedOn);
  }
}
