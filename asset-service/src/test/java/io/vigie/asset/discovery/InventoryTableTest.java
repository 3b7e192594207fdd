package io.vigie.asset.discovery;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.response.ValidatableResponse;
import io.vigie.asset.Calls;
import io.vigie.testkit.Rest;
import io.vigie.testkit.ServiceEnvironment;
import io.vigie.testkit.Tokens;
import org.junit.jupiter.api.Test;

import static io.vigie.kernel.security.Roles.ASSET_MANAGER;
import static io.vigie.kernel.security.Roles.TOOL;
import static io.vigie.testkit.Rest.problem;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;

@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
class InventoryTableTest {

  private static final String TOKEN = Tokens.of(TOOL);
  private static final String MANAGER = Tokens.of(ASSET_MANAGER);
  private static final String HEADER =
      "serial,uuid,tag,name,kind,make,model,os,os_version,memory_mib,last user\r\n";

  private final String serial = UUID.randomUUID().toString();

  @Test
  void eachRowOfATableIsAMachineThatTheRegisterHasOrThatIsDiscovered() {
    // Given one that the register has by its serial number, one by its id and one by its tag
    String bySerial = register("serialNumber", serial);
    String uuid = UUID.randomUUID().toString();
    String byId = register("machineId", uuid);
    String tag = "T-" + serial.substring(0, 18);
    String byTag = register("assetTag", tag);

    // When
    ValidatableResponse taken =
        send(HEADER
                + serial
                + ",,,named by the tool,LAPTOP,Dell,XPS 13,Fedora Linux,42,7800,anna\r\n"
                + ","
                + uuid.toUpperCase()
                + ",,,,HPE,,,,,\r\n"
                + ",,"
                + tag
                + ",,,,,Debian GNU/Linux,13,,\r\n"
                + serial
                + "-new,,,new-1,SERVER,HPE,DL360,,,,\r\n")
            .then()
            .statusCode(200);

    // Then
    taken
        .body("rows.asset.subList(0, 3)", contains(bySerial, byId, byTag))
        .body("rows.result", contains("CHANGED", "CHANGED", "CHANGED", "DISCOVERED"))
        .body("rows.row", contains(1, 2, 3, 4))
        .body("changed", equalTo(3))
        .body("discovered", equalTo(1))
        .body("rows[1].changes.field", contains("make"));
    Calls.get(TOKEN, "/v1/assets/" + bySerial)
        .then()
        .body("name", equalTo("known"))
        .body("kind", equalTo("SERVER"))
        .body("make", equalTo("Dell"))
        .body("attributes.operatingSystem", equalTo("Fedora Linux 42"))
        .body("attributes.memoryMiB", equalTo(7800));
    String discovered = taken.extract().path("rows[3].asset");
    Calls.get(TOKEN, "/v1/assets/" + discovered)
        .then()
        .body("state", equalTo("DISCOVERED"))
        .body("name", equalTo("new-1"))
        .body("kind", equalTo("SERVER"));
  }

  @Test
  void aMachineIsKnownByItsIdHoweverThatWasWrittenInTheRegister() {
    // Given ids in capitals, as makers print them: one by hand, one from a table
    String byHand = UUID.randomUUID().toString().toUpperCase();
    String asset = register("machineId", byHand);
    String imported = UUID.randomUUID().toString().toUpperCase();
    String other =
        Rest.as(MANAGER)
            .contentType("text/csv; charset=utf-8")
            .body("name,kind,machineId\nknown,SERVER," + imported + "\n")
            .post("/v1/assets/import")
            .then()
            .statusCode(200)
            .extract()
            .path("rows[0].asset");

    // When
    send("uuid,make\n" + byHand.toLowerCase() + ",HPE\n" + imported.toLowerCase() + ",HPE\n")
        .then()
        .statusCode(200)
        .body("rows.asset", contains(asset, other))
        .body("discovered", equalTo(0));

    // Then
    Calls.get(TOKEN, "/v1/assets/" + asset).then().body("machineId", equalTo(byHand.toLowerCase()));
  }

  @Test
  void theSameTableAgainChangesNothing() {
    String table = HEADER + serial + ",,,web-1,SERVER,HPE,DL360,Debian,13,1024,\r\n";
    String asset = send(table).path("rows[0].asset");
    String etag = Calls.get(TOKEN, "/v1/assets/" + asset).header("ETag");

    send(table).then().body("unchanged", equalTo(1)).body("rows[0].changes", hasSize(0));

    Calls.get(TOKEN, "/v1/assets/" + asset).then().header("ETag", etag);
  }

  @Test
  void aTableDeletesNothingThatItDoesNotMention() {
    String report =
        """
        {"deviceid": "x", "content": {"hardware": {"name": "x", "memory": 7800},
          "bios": {"ssn": "%s"}, "operatingsystem": {"full_name": "Fedora 31"},
          "softwares": [{"name": "vim", "version": "9.0", "from": "rpm"}]}}"""
            .formatted(serial);
    String asset = Rest.as(TOKEN).body(report).post("/v1/inventories").path("asset");

    send("serial,os,os_version\n" + serial + ",,\n").then().body("unchanged", equalTo(1));

    Calls.get(MANAGER, "/v1/assets/" + asset + "/inventory")
        .then()
        .body("packages.name", contains("vim"))
        .body("operatingSystem", equalTo("Fedora 31"));
  }

  @Test
  void aTableFromElsewhereIsReadWithAMapping() {
    Rest.as(TOKEN)
        .contentType("text/csv; charset=utf-8")
        .queryParam("map", "Serial Number:serial", "Device name:name", "OS:os")
        .body("\uFEFFDevice name;OS;Serial Number;Enrolled\nlaptop-1;macOS 15;" + serial + ";yes\n")
        .post("/v1/inventories")
        .then()
        .statusCode(200)
        .body("discovered", equalTo(1));
  }

  @Test
  void oneWrongRowKeepsAllOutAndEachWrongOneIsNamed() {
    problem(
            send(
                HEADER
                    + serial
                    + ",,,a,SERVER,,,,,,\n,,,nobody,SERVER,,,,,,\n"
                    + serial
                    + "-2,,,b,SPACESHIP,,,,,much,\n"),
            422,
            "rows-refused")
        .body("errors.field", contains("row 2: serial", "row 3: kind", "row 3: memory_mib"));
    problem(send("serial,uuid\n%1$s,\n%1$s,\n".formatted(serial)), 422, "rows-refused")
        .body("errors.field", contains("row 2: row"))
        .body("errors[0].message", containsString("row 1"));

    Calls.get(TOKEN, "/v1/assets?serialNumber=" + serial).then().body("items", hasSize(0));
  }

  @Test
  void aMachineThatIsOutOfUseIsNamedAndKeepsNoOtherOut() {
    String retired = register("serialNumber", serial + "-retired");
    Calls.post(
            MANAGER,
            "/v1/assets/" + retired,
            "/v1/assets/" + retired + "/retirement",
            Map.of("reason", "old"))
        .then()
        .statusCode(200);

    send("serial,os\n%1$s,Debian\n%1$s-retired,Debian\n".formatted(serial))
        .then()
        .statusCode(200)
        .body("discovered", equalTo(1))
        .body("ignored", equalTo(1))
        .body("rows[1].asset", equalTo(retired))
        .body("rows[1].state", equalTo("RETIRED"));
  }

  @Test
  void fiveHundredMachinesAreTakenAtOnceAndNoMore() {
    String known =
        IntStream.range(0, 500)
            .mapToObj(i -> "host-%d,SERVER,%s-%d\n".formatted(i, serial, i))
            .collect(Collectors.joining("", "name,kind,serialNumber\n", ""));
    Rest.as(MANAGER)
        .contentType("text/csv")
        .body(known)
        .post("/v1/assets/import")
        .then()
        .body("created", equalTo(500));
    String table =
        IntStream.range(0, 500)
            .mapToObj(i -> "%s-%d,Debian GNU/Linux,13\n".formatted(serial, i))
            .collect(Collectors.joining("", "serial,os,os_version\n", ""));

    send(table).then().statusCode(200).body("changed", equalTo(500));
    send(table)
        .then()
        .body("unchanged", equalTo(500))
        .body("rows.result", everyItem(is("UNCHANGED")));
    problem(send(table + serial + "-more,,\n"), 400, "bad-request");
  }

  @Test
  void whatIsNoTableOfMachinesIsRefused() {
    for (String table : List.of("", "serial\n", "serial,serial\na,b\n", "serial\na,b\n")) {
      Response answer = send(table);
      answer.then().statusCode(400).contentType("application/problem+json");
    }
    problem(send("name,os\nweb-1,Debian\n"), 422, "rows-refused")
        .body("errors.field", hasItem("row 1: serial"));
  }

  private static String register(String identity, String value) {
    return Calls.create(
        MANAGER,
        "/v1/assets",
        Map.of("name", "known", "kind", "SERVER", "production", true, identity, value));
  }

  private static Response send(String table) {
    return Rest.as(TOKEN)
        .contentType("text/csv; charset=utf-8")
        .body(table)
        .post("/v1/inventories");
  }
}
