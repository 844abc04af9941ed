using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Portal.Migrations
{
    /// <inheritdoc />
    public partial class FrontDoorSecrets : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            // What was sealed with Data Protection is asked for again.
            migrationBuilder.Sql("delete from portal.sealed_login;");

            migrationBuilder.RenameColumn(
                name: "sealed",
                schema: "portal",
                table: "sealed_login",
                newName: "wrapped_key");

            migrationBuilder.AddColumn<DateOnly>(
                name: "day",
                schema: "portal",
                table: "sealed_login",
                type: "date",
                nullable: false);

            migrationBuilder.AddColumn<byte[]>(
                name: "password",
                schema: "portal",
                table: "sealed_login",
                type: "bytea",
                nullable: false);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "sealed_at",
                schema: "portal",
                table: "sealed_login",
                type: "timestamp with time zone",
                nullable: false,
                defaultValueSql: "clock_timestamp()");

            migrationBuilder.AddColumn<byte[]>(
                name: "user_name",
                schema: "portal",
                table: "sealed_login",
                type: "bytea",
                nullable: false);

            migrationBuilder.AddColumn<short>(
                name: "version",
                schema: "portal",
                table: "sealed_login",
                type: "smallint",
                nullable: false);

            migrationBuilder.CreateIndex(
                name: "item_needs_login",
                schema: "portal",
                table: "request_item",
                column: "request_id",
                filter: "state = 'NeedsLogin'");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql("delete from portal.sealed_login;");

            migrationBuilder.DropIndex(
                name: "item_needs_login",
                schema: "portal",
                table: "request_item");

            migrationBuilder.DropColumn(
                name: "day",
                schema: "portal",
                table: "sealed_login");

            migrationBuilder.DropColumn(
                name: "password",
                schema: "portal",
                table: "sealed_login");

            migrationBuilder.DropColumn(
                name: "sealed_at",
                schema: "portal",
                table: "sealed_login");

            migrationBuilder.DropColumn(
                name: "user_name",
                schema: "portal",
                table: "sealed_login");

            migrationBuilder.DropColumn(
                name: "version",
                schema: "portal",
                table: "sealed_login");

            migrationBuilder.RenameColumn(
                name: "wrapped_key",
                schema: "portal",
                table: "sealed_login",
                newName: "sealed");
        }
    }
}
